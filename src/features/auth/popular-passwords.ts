/**
 * Passwords from the top thousand of two rankings of leaked passwords (NCSC 2019, Burnett 2015) that satisfy the other
 * rules: 8 characters or more with a letter and a digit. The others are rejected anyway.
 */
const COMMON = new Set(
  `1232323q 12345678a 123456789a 123456789q 1234567a 123456abc 12345qwert 1234abcd 1234qwer 123hfjdk147 123qwe123
  123qweasd 123qweasdzxc 12qwaszx 1a2b3c4d 1g2w3e4r 1password 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc
  1qazxsw2 1v7upjw3nt 29rsavoy 3d8cubaj2e 3rjs1la7qe 421uiopy258 a123456789 a1234567 a12345678 a1b2c3d4 a838hfid aa123456
  abc12345 abc123456 abcd1234 abcdefg1 alexander1 america1 angel123 anthony1 arsenal1 asdf1234 asdfghjkl1 babygirl1
  babygurl1 baseball1 beautiful1 blink182 brandon1 brittany1 brooklyn1 bubbles1 butterfly1 cameron1 career121 charles1
  charlie1 chelsea1 chester1 chicken1 chocolate1 christian1 computer1 courtney1 cowboys1 crystal1 danielle1 destiny1
  diamond1 dolphin1 dpbk1234 elizabeth1 florida1 football1 forever1 fqrg7cs493 freedom1 friends1 fuckoff1 fuckyou1
  fuckyou2 fuk19600 gangsta1 getmoney1 greenday1 gwerty123 happy123 heather1 hello123 iloveme1 iloveyou1 iloveyou12
  iloveyou2 iverson3 iw14fi9j j38ifubn jackass1 jackson1 jasmine1 jennifer1 jessica1 jonathan1 jordan23 lakers24 lebron23
  letmein1 liverpool1 love1234 love4ever loveyou1 madison1 matthew1 melissa1 metallica1 michael1 michelle1 midnight1
  money123 monster1 mustang1 myspace1 myspace123 myspace2 n0=acc3ss ncc1701d newyork1 nicholas1 p3rat54797 pa55word
  passer2009 passw0rd password1 password11 password12 password123 password2 password3 patrick1 pe#5gz29ptzmse peaches1
  playboy1 pokemon1 polniypizdec0211 poohbear1 popcorn1 precious1 princess1 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx123
  qq123456 qqww1122 qwer1234 qwert12345 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 12345qwerty qw123321
  raiders1 rainbow1 rebecca1 richard1 rockstar1 rush2112 samantha1 samsung1 satan666 scooter1 slipknot1 soccer10 soccer12
  sojdlg123aljg southside1 spiderman1 starwars1 steelers1 stephanie1 sunshine1 super123 superman1 sz9kqcctwy target123
  thunder1 tiffany1 trustno1 uqa9ebw445 usuckballz1 vanessa1 victoria1 welcome1 whatever1 william1 yagjecc826 yankees1
  zag12wsx zaq12wsx zxcvbnm1 zxcvbnm123`.split(/\s+/),
);

/** Ignores case: `Password1` is as common as `password1`. */
export const isCommonPassword = (password: string): boolean => COMMON.has(password.toLowerCase());
