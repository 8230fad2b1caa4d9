import { type Department, leaf } from './department.ts';

const milk = leaf(
  {
    name: 'Milk',
    iconSlug: 'milk',
    description: 'Fresh cow and goat milk, delivered cold',
    sku: 'MILK',
    bay: 'A-01',
  },
  `
Milk 3% | 1 L | 7.10 | 60 3.2 4.7 3.0 | Fresh pasteurised whole milk in a carton, the one for coffee and cereal.
Milk 1% | 1 L | 6.80 | 43 3.3 4.9 1.0 | Fresh low-fat milk with all the calcium and a light taste.
חלב 3% | 1 L | 6.39 | 60 3.2 4.7 3.0 | חלב טרי מפוסטר בשקית, במחיר מפוקח.
חלב 1% | 1 L | 6.05 | 43 3.3 4.9 1.0 | חלב טרי דל שומן בשקית, במחיר מפוקח.
Milk 3% Family Size | 2 L | 13.60 was 14.90 | 60 3.2 4.7 3.0 | Two litres of whole milk with a handle, for homes with children.
Skimmed Milk 0.1% | 1 L | 6.90 | 35 3.4 5.0 0.1 | Fat-free fresh milk, good for shakes.
Lactose Free Milk 2% | 1 L | 8.90 | 48 3.2 4.7 2.0 | Regular fresh milk with the lactose broken down, easy on the stomach.
Lactose Free Milk 3% | 1 L | 9.20 | 59 3.2 4.7 3.0 | Whole milk without lactose, tastes slightly sweeter.
Organic Milk 3.8% | 1 L | 11.90 | 65 3.3 4.7 3.8 | From a small organic herd in the Galilee, not homogenised: shake before pouring.
Goat Milk 3.5% | 1 L | 15.90 | 64 3.4 4.5 3.5 | Mild goat milk from the Judean hills.
Long Life Milk 3% | 1 L | 6.60 | 60 3.2 4.7 3.0 | UHT milk that keeps for months unopened, good to have in the cupboard.
Protein Milk 2% | 1 L | 10.90 was 12.50 | 62 5.5 5.0 2.0 | Milk with extra milk protein, 13 g in a glass.
Chocolate Milk | 1 L | 10.50 | 79 3.1 11.9 2.0 | Cocoa milk drink that children ask for; shake well.
שוקו בשקית | 225 ml | 3.90 | 79 3.1 11.9 2.0 | שקית השוקו הקלאסית להפסקת עשר.
Iced Coffee Milk Drink | 330 ml | 7.90 | 68 2.9 9.8 1.8 | Cold milk and coffee, ready to drink on the way to work.
`,
);

const plantMilk = leaf(
  {
    name: 'Plant Milk',
    iconSlug: 'oat',
    description: 'Oat, soy, almond and other dairy-free drinks',
    sku: 'PLMK',
    bay: 'A-03',
  },
  `
Oat Milk Barista | 1 L | 13.90 | 58 1.0 6.6 3.0 | Oat drink made for steaming: a thick foam that holds.
Oat Milk Unsweetened | 1 L | 11.90 was 13.90 | 40 0.8 6.5 1.2 | Just oats, water and a little salt.
Organic Oat Milk | 1 L | 15.50 | 45 0.9 7.0 1.4 | Organic whole-grain oats, nothing added.
Soy Milk Natural | 1 L | 9.90 | 44 3.4 2.6 2.0 | Soy drink enriched with calcium and vitamin B12.
Soy Milk Vanilla | 1 L | 10.50 | 54 3.1 6.1 1.8 | Lightly sweet soy drink with real vanilla.
Organic Soy Milk | 1 L | 12.90 | 41 3.7 1.6 2.1 | Soy beans from organic farming and water, no sugar.
Almond Milk Unsweetened | 1 L | 12.50 | 15 0.5 0.2 1.2 | Light almond drink without any sugar.
Almond Milk Chocolate | 1 L | 13.50 | 44 0.7 7.3 1.3 | Almond drink with cocoa, a dairy-free chocolate milk.
Coconut Milk Drink | 1 L | 13.90 | 20 0.1 2.7 0.9 | Coconut and rice drink for shakes; not for cooking.
Rice Milk | 1 L | 11.50 | 47 0.1 9.5 1.0 | The mildest of the plant drinks, naturally sweet.
`,
);

const cheese = leaf(
  {
    name: 'Cheese',
    iconSlug: 'cheese',
    description: 'White, yellow, soft and hard cheeses',
    sku: 'CHSE',
    bay: 'A-05',
  },
  `
Cottage Cheese 5% | 250 g | 6.90 | 95 11.0 3.5 5.0 | The Israeli breakfast classic, with large soft curds.
קוטג' 5% | 250 g | 5.90 | 95 11.0 3.5 5.0 | קוטג' קלאסי עם גרגרים גדולים.
Cottage Cheese 3% | 250 g | 6.90 | 82 11.5 3.6 3.0 | Cottage cheese with less fat and the same curds.
White Cheese 5% | 250 g | 5.40 | 82 9.0 4.0 5.0 | Smooth spreadable white cheese.
White Cheese 9% | 250 g | 6.20 | 117 8.6 3.8 9.0 | Richer white cheese, good for baking cheesecake.
Yellow Cheese Slices 28% | 200 g | 16.90 was 19.90 | 350 25.0 1.0 28.0 | Semi-hard sliced cheese for toast and sandwiches.
Yellow Cheese Light 9% | 200 g | 18.50 | 205 30.0 1.0 9.0 | Sliced cheese with a third of the fat.
Gouda Block | 400 g | 34.90 | 356 25.0 2.2 27.0 | Young Dutch gouda to slice at home.
Emmental Slices | 200 g | 21.90 | 380 28.0 0.5 29.0 | Swiss-style cheese with a nutty flavour and large holes.
Mozzarella Shredded | 500 g | 29.90 was 34.90 | 300 22.0 2.5 22.0 | For pizza and pasta bakes, melts evenly.
Fresh Mozzarella Balls | 125 g | 13.90 | 250 18.0 1.0 19.0 | In brine, for a caprese with good tomatoes.
Feta Sheep Cheese 16% | 200 g | 17.90 | 210 15.0 1.0 16.0 | Crumbly and salty, from sheep milk.
Bulgarian Cheese 5% | 250 g | 14.50 | 112 14.0 2.0 5.0 | White brined cheese for salads and burekas.
Tzfatit Cheese 5% | 250 g | 13.90 | 108 13.0 2.5 5.0 | Soft Safed cheese, mild and slightly salty.
Halloumi | 200 g | 22.90 | 320 22.0 2.0 25.0 | Cypriot grilling cheese; fry in a dry pan.
Goat Cheese Log | 150 g | 24.90 | 290 18.0 1.5 24.0 | Soft ripened goat cheese from the Galilee.
Cream Cheese 24% | 225 g | 14.90 | 250 6.0 4.0 24.0 | For bagels and for frosting.
Parmesan Wedge | 200 g | 39.90 | 402 36.0 0.0 29.0 | Aged 18 months, grate it yourself.
`,
);

const yogurt = leaf(
  {
    name: 'Yogurt & Desserts',
    iconSlug: 'yogurt',
    description: 'Plain and fruit yogurts, puddings and milk desserts',
    sku: 'YOGU',
    bay: 'A-07',
  },
  `
Plain Yogurt 3% | 200 g | 3.20 | 61 3.8 4.8 3.0 | Natural bio yogurt, nothing added.
Plain Yogurt 1.5% | 200 g | 3.10 | 47 4.0 5.0 1.5 | Low-fat natural bio yogurt.
Greek Yogurt 8% | 500 g | 17.90 | 115 6.0 4.0 8.0 | Thick strained yogurt, lovely with honey.
Greek Yogurt 2% | 500 g | 17.50 was 19.90 | 72 9.0 4.0 2.0 | Strained yogurt with little fat and much protein.
Strawberry Yogurt | 150 g | 4.50 | 92 3.3 14.0 2.5 | With pieces of strawberry.
Peach Yogurt | 150 g | 4.50 | 91 3.3 13.8 2.5 | With pieces of peach.
Protein Yogurt Vanilla | 200 g | 7.50 | 66 10.0 5.0 0.5 | 20 g of protein in a cup, no added sugar.
Organic Goat Yogurt | 500 g | 23.90 | 70 3.6 4.4 4.2 | Organic goat milk yogurt with live cultures.
Soy Yogurt Natural | 400 g | 12.90 | 50 4.0 2.1 2.3 | Dairy-free, good for cooking too.
Chocolate Pudding with Cream | 133 g | 5.90 | 151 3.0 19.0 7.0 | The chocolate cup with whipped cream on top.
Vanilla Pudding | 125 g | 3.90 | 108 2.8 17.0 3.2 | Smooth vanilla dessert.
Drinking Yogurt Strawberry | 750 ml | 13.90 | 76 2.8 12.5 1.5 | Pour over granola or drink from the bottle.
Labneh 5% | 250 g | 12.90 | 88 6.5 4.5 5.0 | Soft strained yogurt cheese, serve with olive oil and za'atar.
`,
);

const butterAndEggs = leaf(
  {
    name: 'Butter, Cream & Eggs',
    iconSlug: 'egg',
    description: 'Butter, margarine, cooking cream and fresh eggs',
    sku: 'BUTR',
    bay: 'A-09',
  },
  `
Butter Unsalted | 200 g | 9.90 | 745 0.7 0.6 82.0 | Block of sweet butter for baking and for bread.
Butter Salted | 200 g | 12.90 | 740 0.7 0.6 81.0 | Spread it on warm bread.
Sour Cream 15% | 200 ml | 3.20 | 160 2.8 3.6 15.0 | A spoonful for soup, borscht or baked potatoes.
Sweet Cream 38% | 250 ml | 9.50 | 355 2.1 3.1 38.0 | Whips to double its size; keep it cold.
Cooking Cream 15% | 250 ml | 8.90 was 9.90 | 165 2.9 4.2 15.0 | Does not split in hot sauces.
Margarine | 200 g | 4.50 | 630 0.2 0.4 70.0 | Parve, for dairy-free baking.
Large Eggs | 12 pack | 13.70 | 143 12.6 0.7 9.5 | A dozen fresh eggs, size L.
Free Range Eggs | 12 pack | 27.90 | 143 12.6 0.7 9.5 | From hens that go outdoors, size L.
Organic Eggs | 6 pack | 18.90 | 143 12.6 0.7 9.5 | Organic feed and free range, size M.
ביצים L | 30 pack | 33.90 | 143 12.6 0.7 9.5 | תבנית 30 ביצים טריות בגודל L.
`,
);

export const dairy: Department = {
  name: 'Dairy & Eggs',
  iconSlug: 'dairy',
  description: 'Milk, cheese, yogurt, butter and eggs from the cold room',
  leaves: [milk, plantMilk, cheese, yogurt, butterAndEggs],
};
