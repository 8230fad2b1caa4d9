import { type Department, leaf } from './department.ts';

const soft = leaf(
  {
    name: 'Water & Soft Drinks',
    iconSlug: 'bottle',
    description: 'Mineral water, soda and soft drinks',
    sku: 'SOFT',
    bay: 'J-01',
  },
  `
Mineral Water | 6 x 1.5 L | 15.90 | 0 0.0 0.0 0.0 | Six bottles from a spring in the Golan.
Mineral Water Small | 12 x 0.5 L | 18.90 | 0 0.0 0.0 0.0 | For school and for the car.
Soda Water | 6 x 1.5 L | 17.90 was 20.90 | 0 0.0 0.0 0.0 | Sparkling, strong bubbles.
Cola | 1.5 L | 7.90 | 42 0.0 10.6 0.0 | Best very cold.
Cola Zero | 1.5 L | 7.90 | 0 0.0 0.0 0.0 | Without sugar.
Cola Cans | 6 x 330 ml | 23.90 | 42 0.0 10.6 0.0 | Six cans.
Lemonade with Mint | 1.5 L | 8.90 | 38 0.0 9.4 0.0 | Limonana, shake a little.
Tonic Water | 4 x 200 ml | 19.90 | 36 0.0 8.8 0.0 | Bitter with real quinine.
Ginger Beer | 330 ml | 8.90 | 44 0.0 10.8 0.0 | Hot ginger, no alcohol.
Energy Drink | 250 ml | 7.50 | 46 0.0 11.0 0.0 | Caffeine and taurine; not for children.
`,
);

const juice = leaf(
  {
    name: 'Juice & Syrups',
    iconSlug: 'juice',
    description: 'Fresh and long-life juices, syrups',
    sku: 'JUIC',
    bay: 'J-03',
  },
  `
Orange Juice Fresh | 1 L | 19.90 | 45 0.7 10.4 0.2 | Squeezed the day before delivery.
Orange Juice | 1 L | 9.90 | 44 0.6 10.2 0.1 | From concentrate, no sugar added.
Apple Juice Clear | 1 L | 9.90 | 46 0.1 11.3 0.1 | Clear and sweet.
Grape Juice | 1 L | 15.90 was 18.90 | 67 0.3 16.0 0.1 | For kiddush and for children.
Pomegranate Juice | 750 ml | 29.90 | 60 0.3 14.5 0.1 | Pure pressed fruit, nothing added.
Organic Carrot Juice | 750 ml | 21.90 | 38 0.8 8.2 0.1 | From organic carrots.
Raspberry Syrup | 1 L | 14.90 | 260 0.0 65.0 0.0 | Petel: one part syrup, six parts water.
Lemon Juice | 500 ml | 8.90 | 25 0.4 6.0 0.1 | For cooking.
`,
);

const alcohol = leaf(
  {
    name: 'Beer & Wine',
    iconSlug: 'wine',
    description: 'Israeli wine, beer and spirits; adults only',
    sku: 'WINE',
    bay: 'J-05',
  },
  `
Lager Beer | 6 x 330 ml | 34.90 | 42 0.4 3.2 0.0 | Israeli lager, 4.9%.
Wheat Beer | 500 ml | 12.90 | 45 0.5 3.6 0.0 | Cloudy, with banana and clove.
Non Alcoholic Beer | 6 x 330 ml | 32.90 | 26 0.4 5.6 0.0 | All the malt, 0.0%.
Cabernet Sauvignon | 750 ml | 49.90 was 59.90 | 83 0.1 2.6 0.0 | Dry red from the Upper Galilee.
Chardonnay | 750 ml | 46.90 | 82 0.1 2.2 0.0 | Dry white with light oak.
Rosé | 750 ml | 42.90 | 80 0.1 2.4 0.0 | Dry and pale, from the Judean hills.
Organic Merlot | 750 ml | 69.90 | 83 0.1 2.5 0.0 | Organic vineyard, unfiltered.
Sweet Kiddush Wine | 750 ml | 21.90 | 130 0.1 17.0 0.0 | For Friday night.
Arak | 700 ml | 54.90 | 250 0.0 0.0 0.0 | Anise spirit, serve with grapefruit juice.
`,
);

const coffee = leaf(
  {
    name: 'Coffee',
    iconSlug: 'coffee',
    description: 'Beans, capsules, instant and Turkish coffee',
    sku: 'COFF',
    bay: 'K-01',
  },
  `
Espresso Beans Dark Roast | 1 kg | 89.90 was 99.90 | - | Arabica and robusta, thick crema.
Single Origin Ethiopia Beans | 250 g | 46.90 | - | Light roast, floral and lemony.
Organic Coffee Beans | 250 g | 42.90 | - | Organic and fair trade, medium roast.
Filter Coffee Ground | 250 g | 28.90 | - | Medium grind.
קפה טורקי | 200 g | 15.90 | - | קפה שחור טחון דק.
Turkish Coffee with Cardamom | 200 g | 17.90 | - | Finely ground, with 10% cardamom.
Instant Coffee | 200 g | 29.90 | - | Dissolves in cold milk too.
Decaf Instant Coffee | 100 g | 24.90 | - | Freeze-dried, without caffeine.
Espresso Capsules Intense | 10 pack | 17.90 | - | Aluminium capsules, intensity 10.
Lungo Capsules | 10 pack | 17.90 | - | A longer cup, intensity 6.
`,
);

const tea = leaf(
  { name: 'Tea', iconSlug: 'tea', description: 'Black, green and herbal tea', sku: 'TEAS', bay: 'K-02' },
  `
English Breakfast Tea | 50 bags | 17.90 | - | Strong black tea that takes milk.
Earl Grey Tea | 25 bags | 13.90 was 15.90 | - | With bergamot oil.
Green Tea | 25 bags | 13.90 | - | Light Sencha leaves.
Organic Green Tea with Mint | 20 bags | 19.90 | - | Organic Moroccan style.
Chamomile Tea | 25 bags | 12.90 | - | Dried flowers, without caffeine.
Rooibos Vanilla | 20 bags | 16.90 | - | Red bush tea, naturally sweet.
Lemon Verbena Louisa | 25 bags | 13.50 | - | A cup for the evening.
Hot Chocolate Powder | 500 g | 21.90 | 380 5.0 82.0 3.0 | Stir into hot milk.
`,
);

export const drinks: Department = {
  name: 'Drinks',
  iconSlug: 'drinks',
  description: 'Water, juice, beer and wine',
  leaves: [soft, juice, alcohol],
};

export const coffeeAndTea: Department = {
  name: 'Coffee & Tea',
  iconSlug: 'hot-drinks',
  description: 'Everything for the kettle and the machine',
  leaves: [coffee, tea],
};
