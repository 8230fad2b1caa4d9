-- Whether two words differ by one wrong, missing or extra letter, or by two swapped neighbours.
create or replace function is_one_mistake(p_typed text, p_word text) returns boolean language plpgsql immutable parallel safe as $$
declare
  same integer := 0;
  typed text;
  meant text;
begin
  while same < least(length(p_typed), length(p_word)) and substr(p_typed, same + 1, 1) = substr(p_word, same + 1, 1) loop
    same := same + 1;
  end loop;
  typed := substr(p_typed, same + 1);
  meant := substr(p_word, same + 1);
  return substr(typed, 2) = substr(meant, 2)
    or substr(typed, 2) = meant
    or typed = substr(meant, 2)
    or (left(typed, 2) = reverse(left(meant, 2)) and substr(typed, 3) = substr(meant, 3));
end $$;
