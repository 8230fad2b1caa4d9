import { type Department, leaf } from './department.ts';

const salty = leaf(
  {
    name: 'Salty Snacks',
    iconSlug: 'chips',
    description: 'Chips, pretzels, popcorn and crackers',
    sku: 'SALT',
    bay: 'H-01',
  },
  `
Potato Chips Natural | 150 g | 10.90 | 536 6.0 52.0 34.0 | Thin, with salt and nothing else.
Potato Chips Sour Cream & Onion | 150 g | 10.90 was 12.90 | 530 6.2 52.0 33.0 | The bag that goes first.
במבה | 80 g | 4.90 | 534 16.0 40.0 34.0 | חטיף בוטנים קלאסי.
Peanut Puffs Family Bag | 200 g | 11.50 | 534 16.0 40.0 34.0 | Peanut snack for a whole party.
Salted Pretzels | 300 g | 9.90 | 380 10.0 78.0 3.0 | Small twisted pretzels.
Popcorn Microwave Butter | 3 pack | 12.90 | 480 8.0 52.0 25.0 | Three minutes to a film.
Corn Tortilla Chips | 200 g | 12.90 | 490 6.5 62.0 23.0 | For guacamole and salsa.
Crackers with Sesame | 400 g | 13.90 | 445 10.0 66.0 15.0 | Thin and crisp.
Organic Corn Cakes | 120 g | 9.90 | 380 8.0 80.0 2.4 | Of organic corn, no salt.
`,
);

const sweets = leaf(
  {
    name: 'Chocolate & Sweets',
    iconSlug: 'chocolate',
    description: 'Chocolate, candy, chewing gum and halva',
    sku: 'SWET',
    bay: 'H-02',
  },
  `
Milk Chocolate | 100 g | 6.90 | 540 7.0 57.0 31.0 | Classic creamy bar.
Milk Chocolate with Hazelnuts | 100 g | 8.90 | 560 8.0 50.0 36.0 | Whole roasted hazelnuts.
Dark Chocolate 70% | 100 g | 9.90 was 11.90 | 570 8.5 34.0 42.0 | Bitter, with a long finish.
Organic Dark Chocolate 85% | 80 g | 17.90 | 590 10.0 22.0 48.0 | Single-origin organic cocoa.
White Chocolate | 100 g | 7.90 | 560 6.0 58.0 34.0 | With real vanilla.
Wafers with Chocolate Cream | 200 g | 8.50 | 525 6.0 62.0 28.0 | Layers that snap.
Halva Vanilla | 400 g | 19.90 | 530 12.0 45.0 34.0 | Sesame halva that crumbles.
Gummy Bears | 200 g | 9.90 | 340 6.0 78.0 0.2 | Fruit flavours, kosher gelatine.
Mint Chewing Gum | 10 pack | 5.90 | 160 0.0 64.0 0.0 | Without sugar.
Marshmallows | 250 g | 11.90 | 330 3.0 80.0 0.0 | For the camp fire.
`,
);

const cookies = leaf(
  { name: 'Cookies', iconSlug: 'cookie', description: 'Biscuits, wafers and energy bars', sku: 'COOK', bay: 'H-03' },
  `
Petit Beurre Biscuits | 500 g | 11.90 | 430 7.5 73.0 12.0 | For tea, and for the no-bake cake.
Chocolate Chip Cookies | 200 g | 13.90 | 495 6.0 63.0 24.0 | Crisp outside, soft inside.
Sandwich Cookies with Vanilla Cream | 300 g | 13.50 was 15.90 | 475 5.0 70.0 19.0 | Twist, lick and dunk.
Tahini Cookies | 300 g | 18.90 | 510 9.0 52.0 30.0 | Melt in the mouth, parve.
Oat Cookies with Raisins | 250 g | 15.90 | 450 7.0 62.0 19.0 | Chewy, with cinnamon.
Granola Bars with Honey | 6 pack | 15.90 | 430 8.0 64.0 15.0 | Two in the school bag.
Protein Bar Chocolate | 60 g | 9.90 | 370 33.0 30.0 13.0 | 20 g of protein.
Ladyfingers | 400 g | 14.90 | 390 8.0 80.0 4.0 | For tiramisu.
`,
);

const nuts = leaf(
  {
    name: 'Nuts & Dried Fruit',
    iconSlug: 'nut',
    description: 'Roasted in house every week',
    sku: 'NUTS',
    bay: 'H-04',
  },
  `
Roasted Almonds | 250 g | 24.90 | 600 21.0 10.0 52.0 | Dry roasted, unsalted.
Cashews Roasted & Salted | 250 g | 27.90 was 31.90 | 580 17.0 28.0 46.0 | Large whole cashews.
Walnuts | 250 g | 23.90 | 654 15.0 7.0 65.0 | Light halves, for cakes and salads.
Pecans | 200 g | 27.90 | 690 9.0 4.0 72.0 | Local pecans of the last harvest.
Sunflower Seeds Roasted | 400 g | 13.90 | 580 20.0 20.0 48.0 | Black seeds, for football evenings.
Peanuts Roasted | 300 g | 10.90 | 590 25.0 12.0 49.0 | Salted, without shells.
Raisins Dark | 250 g | 11.90 | 299 3.1 75.0 0.5 | Seedless.
Dried Cranberries | 200 g | 14.90 | 325 0.2 80.0 1.1 | Lightly sweetened.
Dried Apricots | 250 g | 21.90 | 241 3.4 55.0 0.5 | Soft Turkish apricots.
Organic Trail Mix | 250 g | 29.90 | 480 13.0 40.0 30.0 | Organic almonds, cashews and raisins.
`,
);

export const snacks: Department = {
  name: 'Snacks & Sweets',
  iconSlug: 'snacks',
  description: 'Chips, chocolate, cookies and nuts',
  leaves: [salty, sweets, cookies, nuts],
};
