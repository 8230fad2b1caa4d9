/** Customers of the seed: full name, and the first part of their email. */
export const customerNames: [string, string][] = [
  ['נועה כהן', 'noa.cohen'],
  ['דוד לוי', 'david.levi'],
  ['Yael Mizrahi', 'yael.mizrahi'],
  ['Omer Peretz', 'omer.peretz'],
  ['תמר ביטון', 'tamar.biton'],
  ['Daniel Friedman', 'daniel.friedman'],
  ['Maya Avraham', 'maya.avraham'],
  ['איתי דהן', 'itay.dahan'],
  ['Shira Katz', 'shira.katz'],
  ['Amir Haddad', 'amir.haddad'],
  ['רונית שפירא', 'ronit.shapira'],
  ['Michael Rosen', 'michael.rosen'],
  ['Lina Khoury', 'lina.khoury'],
  ['גיא אזולאי', 'guy.azoulay'],
  ['Hila Ben-David', 'hila.bendavid'],
  ['Yossi Malka', 'yossi.malka'],
  ['מיכל גולן', 'michal.golan'],
  ['Natalia Petrova', 'natalia.petrova'],
  ['Eitan Segal', 'eitan.segal'],
  ['Rachel Green', 'rachel.green'],
  ['אורי ברק', 'uri.barak'],
  ['Sigal Amar', 'sigal.amar'],
  ['Khaled Nasser', 'khaled.nasser'],
  ['Dana Weiss', 'dana.weiss'],
  ['יעקב אוחנה', 'yaakov.ohana'],
  ['Liat Harari', 'liat.harari'],
  ['Boris Levin', 'boris.levin'],
  ['הדס רוזנברג', 'hadas.rosenberg'],
  ['Roni Alon', 'roni.alon'],
  ['Avi Edri', 'avi.edri'],
  ['Keren Shalev', 'keren.shalev'],
  ['משה חדד', 'moshe.hadad'],
  ["Sean O'Brien", 'sean.obrien'],
  ['Galit Navon', 'galit.navon'],
  ['Tal Stern', 'tal.stern'],
  ['שני יוסף', 'shani.yosef'],
  ['Nadav Carmi', 'nadav.carmi'],
  ['Rivka Hoffman', 'rivka.hoffman'],
  ['Yonatan Gabay', 'yonatan.gabay'],
  ['ענת קפלן', 'anat.kaplan'],
];

export const employeeNames: [string, string][] = [
  ['Ella Vaknin', 'ella'],
  ['סאלח עודה', 'saleh'],
  ['Igor Novak', 'igor'],
];

export interface Town {
  city: string;
  postalCode: string;
  lat: number;
  lng: number;
  streets: string[];
}

export const towns: Town[] = [
  {
    city: 'Tel Aviv',
    postalCode: '6433222',
    lat: 32.0853,
    lng: 34.7818,
    streets: ['Dizengoff', 'Ibn Gabirol', 'Ben Yehuda', 'Sheinkin', 'Arlozorov', 'שדרות רוטשילד'],
  },
  {
    city: 'Jerusalem',
    postalCode: '9426208',
    lat: 31.7683,
    lng: 35.2137,
    streets: ['Emek Refaim', 'Jaffa Road', 'King George', 'Hebron Road', 'עזה'],
  },
  {
    city: 'Haifa',
    postalCode: '3303221',
    lat: 32.794,
    lng: 34.9896,
    streets: ['HaNassi Boulevard', 'Moriah', 'Hillel', 'Allenby', 'דרך הים'],
  },
  {
    city: 'Ramat Gan',
    postalCode: '5252007',
    lat: 32.0684,
    lng: 34.8248,
    streets: ['Bialik', 'Jabotinsky', 'Krinitzi', 'ביאליק'],
  },
  {
    city: 'Herzliya',
    postalCode: '4672514',
    lat: 32.1624,
    lng: 34.8447,
    streets: ['Sokolov', 'Ben Gurion', 'HaNadiv'],
  },
];

/** Review texts by rating, `[title, body]`. */
export const reviewTexts: Record<number, [string | null, string | null][]> = {
  5: [
    ['Always in our cart', 'We order it every week and it has never let us down.'],
    ['Excellent', 'Fresh, well packed, and cheaper than at the corner shop.'],
    ['מצוין', 'טרי וטעים, מזמינים כל שבוע.'],
    ['The best of its kind', 'Tried several, came back to this one.'],
    [null, 'The children love it.'],
    ['Great', null],
  ],
  4: [
    ['Very good', 'Good quality. The price went up a little lately.'],
    ['Good', 'Exactly as described.'],
    ['טוב מאוד', 'איכות טובה, הגיע בזמן.'],
    [null, 'Good, though I wish there were a larger pack.'],
    ['Nice', null],
  ],
  3: [
    ['All right', 'Not bad, nothing special either.'],
    ['סביר', 'בסדר גמור, לא יותר.'],
    [null, 'Fine, but the date was short.'],
  ],
  2: [
    ['Expected more', 'The taste is weak compared to others.'],
    [null, 'Arrived dented; what was inside was fine.'],
  ],
  1: [['Not for us', 'Nobody at home wanted to finish it.']],
};
