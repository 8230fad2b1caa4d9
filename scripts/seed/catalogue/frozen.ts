import { type Department, leaf } from './department.ts';

const vegetables = leaf(
  {
    name: 'Frozen Vegetables & Fries',
    iconSlug: 'snowflake',
    description: 'Frozen at harvest, ready in minutes',
    sku: 'FVEG',
    bay: 'F-01',
  },
  `
Frozen Peas | 800 g | 16.90 | 77 5.2 13.6 0.4 | Small sweet peas.
Frozen Green Beans | 800 g | 17.90 | 31 1.8 7.0 0.2 | Cut beans, no need to thaw.
Frozen Corn | 800 g | 18.90 | 88 3.0 19.0 0.8 | Sweet yellow kernels.
Frozen Broccoli Florets | 800 g | 23.90 was 27.90 | 34 2.8 6.6 0.4 | Small florets, checked for insects.
Frozen Vegetable Mix | 800 g | 17.50 | 55 2.8 10.0 0.5 | Peas, carrots, corn and beans.
Frozen Spinach | 600 g | 15.90 | 23 2.9 3.6 0.4 | Chopped, in portions.
French Fries | 1 kg | 17.90 | 150 2.4 24.0 4.5 | For the oven or the air fryer.
Sweet Potato Fries | 600 g | 24.90 | 165 1.8 26.0 6.0 | Crisp coating, 20 minutes in the oven.
Frozen Mixed Berries | 500 g | 24.90 | 45 0.8 9.5 0.3 | For shakes and cakes.
`,
);

const meals = leaf(
  {
    name: 'Frozen Meals',
    iconSlug: 'pizza',
    description: 'Pizza, malawach, schnitzel and ready dough',
    sku: 'FMEA',
    bay: 'F-02',
  },
  `
Pizza Margherita | 400 g | 22.90 | 235 10.0 30.0 8.0 | Stone-baked base, family size.
Pizza with Olives | 420 g | 24.90 was 29.90 | 238 9.8 29.5 8.6 | With green olives and mozzarella.
Malawach | 6 pack | 21.90 | 350 6.0 42.0 17.5 | Flaky Yemenite bread for the pan.
Jachnun | 5 pack | 26.90 | 340 6.5 45.0 15.0 | Leave it in a low oven overnight.
Chicken Schnitzel Breaded | 700 g | 34.90 | 220 15.0 17.0 10.0 | Ready in ten minutes.
Corn Schnitzel | 600 g | 26.90 | 210 4.5 28.0 8.8 | Vegetarian patties that children finish.
Vegan Burger | 4 pack | 36.90 | 225 17.0 8.0 14.0 | Pea protein burger that browns like meat.
Cheese Ravioli | 400 g | 22.90 | 260 10.0 36.0 8.2 | Four minutes in boiling water.
Beef Kubbeh | 500 g | 32.90 | 210 8.0 25.0 8.5 | Bulgur shell filled with spiced beef.
Puff Pastry Sheets | 800 g | 18.90 | 380 5.5 36.0 24.0 | Rolled sheets, thaw in the fridge.
Vegetable Spring Rolls | 500 g | 23.90 | 190 4.2 26.0 7.5 | Crisp in the oven, with a sweet chili dip.
`,
);

const iceCream = leaf(
  { name: 'Ice Cream', iconSlug: 'ice-cream', description: 'Tubs, cones and pops', sku: 'ICEC', bay: 'F-04' },
  `
Vanilla Ice Cream | 1 L | 24.90 | 190 3.2 23.0 9.5 | With seeds of real vanilla.
Chocolate Ice Cream | 1 L | 24.90 was 29.90 | 205 3.6 25.0 10.0 | Dark cocoa and cream.
Strawberry Sorbet | 500 ml | 21.90 | 110 0.4 27.0 0.1 | Parve, half of it is fruit.
Cookies Ice Cream | 500 ml | 29.90 | 240 3.8 28.0 12.5 | Vanilla with pieces of chocolate cookies.
Ice Cream Cones | 6 pack | 26.90 | 290 4.0 35.0 15.0 | Vanilla and chocolate with nuts.
Fruit Popsicles | 10 pack | 19.90 | 80 0.1 20.0 0.0 | Made of juice, for hot days.
Vegan Chocolate Pops | 4 pack | 27.90 | 280 2.6 31.0 16.0 | Oat-based with a chocolate shell.
`,
);

export const frozen: Department = {
  name: 'Frozen',
  iconSlug: 'frozen',
  description: 'Vegetables, meals and ice cream kept at −18°',
  leaves: [vegetables, meals, iceCream],
};
