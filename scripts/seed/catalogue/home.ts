import { type Department, leaf } from './department.ts';

const cleaning = leaf(
  { name: 'Cleaning', iconSlug: 'spray', description: 'Kitchen, bathroom and floors', sku: 'CLEN', bay: 'L-01' },
  `
Dish Soap Lemon | 750 ml | 9.90 | - | Cuts grease and is kind to hands.
Dishwasher Tablets | 50 pack | 44.90 was 54.90 | - | All in one, with rinse aid.
Dishwasher Salt | 2 kg | 14.90 | - | Coarse salt against scale.
Floor Cleaner Lavender | 2 L | 16.90 | - | One cap to a bucket.
Bleach | 4 L | 12.90 | - | 3.5% active chlorine; never mix with acid.
Kitchen Degreaser Spray | 750 ml | 14.90 | - | For the hob and the oven.
Bathroom Spray | 750 ml | 15.90 | - | Removes scale and soap.
Glass Cleaner | 750 ml | 11.90 | - | Leaves no streaks.
Organic All Purpose Cleaner | 1 L | 24.90 | - | Plant-based, biodegradable.
Kitchen Sponges | 5 pack | 9.90 | - | A soft and a rough side.
Microfibre Cloths | 4 pack | 17.90 | - | Wash them at 60°.
Garbage Bags 50 L | 30 pack | 13.90 | - | Strong, with a drawstring.
`,
);

const laundry = leaf(
  { name: 'Laundry', iconSlug: 'shirt', description: 'Detergent, softener, stain removers', sku: 'LAUN', bay: 'L-03' },
  `
Laundry Gel | 3 L | 39.90 was 49.90 | - | 60 washes, for whites and colours.
Laundry Powder | 5 kg | 54.90 | - | For whites, works in cold water.
Laundry Capsules | 30 pack | 46.90 | - | One for each wash; keep away from children.
Baby Laundry Gel | 2.5 L | 44.90 | - | Without perfume and dyes.
Fabric Softener Fresh | 4 L | 24.90 | - | Concentrated, 160 washes.
Stain Remover Spray | 500 ml | 22.90 | - | Spray, wait five minutes, wash.
Oxygen Whitener | 1 kg | 27.90 | - | Without chlorine.
`,
);

const paper = leaf(
  {
    name: 'Paper & Kitchen',
    iconSlug: 'paper-roll',
    description: 'Toilet paper, towels, foil and disposables',
    sku: 'PAPR',
    bay: 'L-05',
  },
  `
Toilet Paper 3-Ply | 32 rolls | 39.90 was 49.90 | - | Soft and white, a month for a family.
Paper Towels | 6 rolls | 22.90 | - | Strong when wet.
Facial Tissues | 5 boxes | 19.90 | - | Two-ply, 100 in a box.
Napkins White | 100 pack | 7.90 | - | For every day.
Aluminium Foil | 30 m | 16.90 | - | Wide and thick.
Cling Film | 100 m | 14.90 | - | In a box with a cutter.
Baking Paper | 20 sheets | 12.90 | - | Silicone on both sides.
Food Bags | 100 pack | 8.90 | - | For sandwiches and the freezer.
Paper Cups | 50 pack | 11.90 | - | For hot drinks.
Tea Light Candles | 50 pack | 17.90 | - | Burn for four hours.
`,
);

const petFood = leaf(
  { name: 'Dogs & Cats', iconSlug: 'paw', description: 'Food, litter and treats', sku: 'PETS', bay: 'P-01' },
  `
Dry Dog Food Chicken | 3 kg | 64.90 was 74.90 | 360 24.0 42.0 12.0 | For grown dogs of all sizes.
Dry Dog Food Puppy | 3 kg | 72.90 | 385 28.0 38.0 16.0 | Small pieces and more protein.
Dog Food Tin Beef | 400 g | 8.90 | 95 8.0 3.0 5.5 | Pieces in gravy.
Dog Chew Sticks | 7 pack | 16.90 | 310 8.0 68.0 2.0 | One a day for the teeth.
Dry Cat Food Salmon | 1.5 kg | 49.90 | 370 32.0 34.0 12.0 | For grown cats.
Cat Food Pouches | 12 pack | 44.90 | 80 8.5 2.0 4.0 | Four flavours in jelly.
Cat Litter Clumping | 10 L | 37.90 was 44.90 | - | Low dust, no perfume.
Cat Treats | 60 g | 10.90 | 320 30.0 25.0 10.0 | Crunchy outside, soft inside.
Kitten Milk | 200 ml | 12.90 | 70 4.5 4.8 3.6 | Milk with little lactose, for kittens from six weeks.
`,
);

export const household: Department = {
  name: 'Household',
  iconSlug: 'home',
  description: 'Cleaning, laundry and paper goods',
  leaves: [cleaning, laundry, paper],
};

export const pets: Department = {
  name: 'Pets',
  iconSlug: 'pets',
  description: 'For dogs and cats',
  leaves: [petFood],
};
