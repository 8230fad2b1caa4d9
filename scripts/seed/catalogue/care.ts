import { type Department, leaf } from './department.ts';

const hair = leaf(
  { name: 'Hair & Body', iconSlug: 'shower', description: 'Shampoo, soap and skin care', sku: 'HAIR', bay: 'M-01' },
  `
Shampoo for Normal Hair | 700 ml | 17.90 | - | Gentle, for every day.
Shampoo for Dry Hair | 700 ml | 18.90 was 22.90 | - | With argan oil.
Conditioner | 700 ml | 17.90 | - | Combs through easily.
Hair Gel Strong | 500 ml | 14.90 | - | Holds all day, washes out.
Shower Gel Sea Minerals | 750 ml | 16.90 | - | With Dead Sea minerals.
Hand Soap Refill | 1 L | 15.90 | - | Milk and honey scent.
Body Lotion | 400 ml | 24.90 | - | With shea butter, for dry skin.
Organic Hand Cream | 75 ml | 27.90 | - | Organic olive oil and calendula.
Deodorant Roll-On | 50 ml | 15.90 | - | 48 hours, without aluminium.
Sunscreen SPF 50 | 200 ml | 49.90 was 64.90 | - | Water-resistant, for face and body.
Shaving Foam | 250 ml | 14.90 | - | For sensitive skin.
Razors | 4 pack | 26.90 | - | Three blades.
Cotton Pads | 100 pack | 8.90 | - | Soft, do not shed.
Sanitary Pads Night | 14 pack | 17.90 | - | Long, with wings.
`,
);

const oral = leaf(
  { name: 'Oral Care', iconSlug: 'tooth', description: 'Toothpaste, brushes and floss', sku: 'ORAL', bay: 'M-03' },
  `
Toothpaste Mint | 100 ml | 9.90 | - | With fluoride, for the whole family.
Toothpaste Whitening | 75 ml | 15.90 was 18.90 | - | Removes coffee stains gently.
Toothpaste for Children | 75 ml | 11.90 | - | Strawberry, from two years.
Toothbrush Soft | 2 pack | 15.90 | - | Soft bristles, small head.
Mouthwash | 500 ml | 19.90 | - | Without alcohol.
Dental Floss | 50 m | 11.90 | - | Waxed, with mint.
`,
);

const diapers = leaf(
  {
    name: 'Diapers & Wipes',
    iconSlug: 'diaper',
    description: 'Diapers of every size, wipes and creams',
    sku: 'DIAP',
    bay: 'N-01',
  },
  `
Diapers Size 1 Newborn | 44 pack | 32.90 | - | For 2 to 5 kg, with a navel cut-out.
Diapers Size 3 | 60 pack | 49.90 was 59.90 | - | For 5 to 9 kg.
Diapers Size 4 | 52 pack | 49.90 was 59.90 | - | For 8 to 14 kg.
Diapers Size 5 | 46 pack | 49.90 | - | For 12 to 17 kg.
Training Pants Size 6 | 32 pack | 44.90 | - | Pull up and down like underwear.
Baby Wipes | 4 x 72 pack | 29.90 | - | 99% water, no perfume.
Diaper Cream | 100 g | 26.90 | - | With zinc.
Baby Shampoo | 500 ml | 18.90 | - | No more tears.
Organic Baby Wipes | 64 pack | 16.90 | - | Of organic cotton, compostable.
`,
);

const babyFood = leaf(
  {
    name: 'Baby Food',
    iconSlug: 'baby-bottle',
    description: 'Formula, cereals and purées',
    sku: 'BABY',
    bay: 'N-02',
  },
  `
Infant Formula Stage 1 | 700 g | 64.90 | 510 10.5 55.0 27.0 | Milk-based, from birth.
Infant Formula Stage 2 | 700 g | 62.90 was 69.90 | 495 11.0 56.0 25.0 | Milk-based, from six months.
Goat Milk Formula Stage 2 | 800 g | 109.90 | 498 11.5 55.0 26.0 | Of goat milk, from six months.
Baby Cereal Oat | 200 g | 15.90 | 380 12.0 66.0 6.5 | Mix with milk or formula.
Apple Purée | 100 g | 4.90 | 50 0.3 11.5 0.1 | Only apples, from four months.
Banana & Pear Purée | 100 g | 4.90 | 62 0.5 14.0 0.1 | Squeeze pouch.
Organic Carrot Purée | 125 g | 7.90 | 32 0.7 6.5 0.2 | Organic carrots and water.
Organic Sweet Potato Purée | 125 g | 7.90 | 60 1.0 13.0 0.2 | Organic sweet potato, smooth.
Baby Biscuits | 180 g | 12.90 | 420 8.0 74.0 10.0 | Melt in the mouth, from eight months.
`,
);

export const personalCare: Department = {
  name: 'Personal Care',
  iconSlug: 'care',
  description: 'Hair, body and teeth',
  leaves: [hair, oral],
};

export const baby: Department = {
  name: 'Baby',
  iconSlug: 'baby',
  description: 'Diapers, formula and first meals',
  leaves: [diapers, babyFood],
};
