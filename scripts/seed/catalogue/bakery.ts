import { type Department, leaf } from './department.ts';

const bread = leaf(
  { name: 'Bread', iconSlug: 'bread', description: 'Loaves baked this morning', sku: 'BRED', bay: 'B-01' },
  `
White Bread Sliced | 750 g | 8.90 | 255 8.5 49.0 2.0 | Soft sliced loaf for sandwiches.
לחם אחיד | 750 g | 5.60 | 245 8.0 49.0 1.2 | לחם כהה במחיר מפוקח.
לחם אחיד פרוס | 750 g | 7.40 | 245 8.0 49.0 1.2 | לחם כהה פרוס במחיר מפוקח.
Whole Wheat Bread Sliced | 750 g | 16.90 | 235 10.0 41.0 2.8 | All whole grain, with a thin crust.
Sourdough Loaf | 650 g | 26.90 | 240 8.6 47.0 1.1 | Fermented for 24 hours and baked on stone.
Organic Spelt Bread | 600 g | 29.90 | 238 10.2 42.0 2.5 | Organic spelt with sunflower seeds.
Rye Bread with Caraway | 500 g | 21.90 was 24.90 | 220 8.0 42.0 1.6 | Dark and dense, keeps for days.
Multigrain Light Bread | 500 g | 14.90 | 190 11.0 30.0 2.9 | About 45 calories a slice.
Gluten Free Bread | 400 g | 24.90 | 248 4.0 45.0 5.2 | Baked in a gluten-free bakery, best toasted.
Challah for Shabbat | 500 g | 9.90 | 290 8.4 52.0 5.4 | Braided sweet challah, Thursdays and Fridays.
Baguette | 250 g | 8.50 | 265 9.0 53.0 1.5 | Crisp crust, best on the day.
`,
);

const rolls = leaf(
  {
    name: 'Rolls & Pita',
    iconSlug: 'pita',
    description: 'Pita, rolls, tortillas and crackers',
    sku: 'ROLL',
    bay: 'B-03',
  },
  `
Pita Bread | 10 pack | 11.90 | 262 9.0 53.0 1.2 | Ten pocket pitas, freeze what you do not eat today.
Whole Wheat Pita | 6 pack | 12.90 | 245 10.0 47.0 1.6 | Whole grain pocket pitas.
פיתה דרוזית | 5 pack | 13.50 | 270 8.8 55.0 1.3 | פיתות דקות וגדולות, מצוינות ללאבנה.
Burger Buns | 6 pack | 13.90 | 285 9.0 49.0 5.4 | Soft brioche-style buns with sesame.
Hot Dog Buns | 6 pack | 11.90 | 280 8.7 50.0 4.5 | Long soft buns, already cut.
Tortilla Wraps | 8 pack | 17.90 was 19.90 | 305 8.0 50.0 7.4 | 25 cm wheat tortillas.
Bagels with Sesame | 4 pack | 15.90 | 275 10.0 53.0 2.2 | Boiled and baked, for cream cheese.
Lachmaniyot Sweet Rolls | 6 pack | 12.50 | 295 8.5 52.0 5.8 | Small sweet rolls for children's sandwiches.
Crispbread Whole Rye | 250 g | 15.90 | 340 10.0 63.0 1.8 | Thin and crunchy, with fibre.
Rice Cakes | 100 g | 6.90 | 385 8.0 82.0 2.8 | Puffed whole rice, lightly salted.
`,
);

const pastry = leaf(
  {
    name: 'Cakes & Pastries',
    iconSlug: 'cake',
    description: 'Rugelach, burekas, cakes and croissants',
    sku: 'CAKE',
    bay: 'B-05',
  },
  `
Chocolate Babka | 450 g | 27.90 | 390 6.5 50.0 18.0 | Yeast cake with a lot of chocolate folded in.
Chocolate Rugelach | 400 g | 32.90 | 410 6.2 49.0 20.5 | Small, sticky and gone within the hour.
Cinnamon Rolls | 4 pack | 24.90 was 28.90 | 370 6.0 52.0 15.0 | With brown sugar and a light glaze.
Butter Croissants | 4 pack | 25.90 | 406 8.0 45.0 21.0 | Warm them for five minutes.
Cheese Burekas | 500 g | 26.90 | 340 8.0 32.0 20.0 | Puff pastry with salted cheese, baked.
Potato Burekas | 500 g | 24.90 | 315 5.5 35.0 17.0 | Puff pastry with potato, parve.
Marble Cake | 450 g | 19.90 | 395 5.2 52.0 18.5 | Vanilla and cocoa, keeps moist for a week.
Honey Cake | 450 g | 21.90 | 360 4.5 60.0 11.5 | Spiced honey cake for the holiday table.
Cheesecake Crumble | 700 g | 44.90 | 285 6.8 29.0 15.6 | Baked cheesecake with butter crumble.
Carrot Cake | 450 g | 22.90 | 375 4.4 48.0 18.2 | With walnuts and cinnamon.
סופגניות ריבה | 4 pack | 22.00 | 350 6.0 46.0 15.5 | סופגניות טריות במילוי ריבת תות.
`,
);

export const bakery: Department = {
  name: 'Bakery',
  iconSlug: 'bakery',
  description: 'Bread, pita, cakes and pastries',
  leaves: [bread, rolls, pastry],
};
