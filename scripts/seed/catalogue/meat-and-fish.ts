import { type Department, leaf } from './department.ts';

const beef = leaf(
  { name: 'Beef & Lamb', iconSlug: 'steak', description: 'Fresh kosher cuts, vacuum packed', sku: 'BEEF', bay: 'D-01' },
  `
Ground Beef 15% Fat | 500 g | 34.90 | 230 18.5 0.0 15.0 | Minced today, for burgers, meatballs and bolognese.
Lean Ground Beef 5% | 500 g | 42.90 | 137 21.0 0.0 5.0 | Minced shoulder with little fat.
Entrecote Steak | 400 g | 69.90 was 79.90 | 250 20.0 0.0 19.0 | Aged for 21 days, two steaks.
Sirloin Steak | 400 g | 62.90 | 200 22.0 0.0 12.0 | Lean and full of flavour.
Beef Shoulder for Roast | 1 kg | 99.90 | 180 21.0 0.0 10.0 | Cut number 5, wants three hours in the oven.
Asado Ribs | 1 kg | 84.90 | 290 17.0 0.0 24.0 | Slow cook or smoke.
Beef Goulash Cubes | 700 g | 62.90 | 165 21.0 0.0 8.5 | Cut evenly, for stew.
Lamb Chops | 500 g | 89.90 | 282 17.0 0.0 23.0 | Small chops for the grill.
Ground Lamb | 500 g | 64.90 | 282 16.6 0.0 23.4 | For kebab and siniya.
`,
);

const poultry = leaf(
  {
    name: 'Poultry',
    iconSlug: 'chicken',
    description: 'Fresh chicken and turkey',
    sku: 'PLTR',
    bay: 'D-02',
  },
  `
Chicken Breast | 1 kg | 39.90 was 44.90 | 110 23.0 0.0 1.5 | Cleaned breast fillets.
Chicken Schnitzel Cut | 1 kg | 46.90 | 110 23.0 0.0 1.5 | Breast sliced thin, ready for crumbs.
Chicken Thighs Boneless | 1 kg | 49.90 | 160 18.5 0.0 9.5 | Pargiyot for the grill, juicy and quick.
Chicken Drumsticks | 1 kg | 24.90 | 172 18.0 0.0 11.0 | Skin on, for the oven tray.
Chicken Wings | 1 kg | 19.90 | 203 18.3 0.0 14.0 | For a marinade and a hot oven.
Whole Chicken | 1 kg | 22.90 | 190 18.0 0.0 13.0 | About 1.7 kg, cleaned.
Ground Chicken | 500 g | 27.90 | 143 17.5 0.0 8.1 | For meatballs in tomato sauce.
Turkey Breast Sliced | 700 g | 46.90 | 105 24.0 0.0 1.0 | Thin slices for schnitzel and stir-fry.
Turkey Shawarma Cut | 700 g | 44.90 | 150 19.0 0.0 8.0 | Dark meat strips with a little fat.
Organic Chicken Breast | 500 g | 49.90 | 110 23.0 0.0 1.5 | From organic free-range birds.
`,
);

const fish = leaf(
  { name: 'Fish', iconSlug: 'fish', description: 'Fresh, smoked and pickled fish', sku: 'FISH', bay: 'D-03' },
  `
Salmon Fillet | 500 g | 64.90 was 74.90 | 208 20.4 0.0 13.4 | Norwegian salmon with the skin on.
Sea Bream | 500 g | 39.90 | 121 19.8 0.0 4.5 | Whole denis from the Mediterranean, cleaned.
Sea Bass Fillet | 400 g | 59.90 | 97 18.4 0.0 2.0 | White flesh that stays moist.
Tilapia Fillet | 500 g | 34.90 | 96 20.1 0.0 1.7 | Amnon from the Galilee ponds.
Ground Fish for Patties | 500 g | 37.90 | 90 18.0 0.5 1.8 | A mix of white fish, for spicy Moroccan patties.
Smoked Salmon Slices | 200 g | 36.90 | 180 22.0 0.5 10.0 | Cold smoked over beech.
Pickled Herring in Oil | 250 g | 19.90 | 260 14.0 6.0 20.0 | Matjes style, for a Saturday morning.
Tuna Steak | 300 g | 59.90 | 130 28.0 0.0 1.5 | Sear it a minute on each side.
`,
);

const deli = leaf(
  {
    name: 'Deli & Sausages',
    iconSlug: 'sausage',
    description: 'Cold cuts, sausages and ready salads',
    sku: 'DELI',
    bay: 'D-04',
  },
  `
Turkey Pastrami Sliced | 200 g | 18.90 | 105 19.0 2.0 2.2 | Honey-smoked, sliced thin.
Beef Pastrami Sliced | 150 g | 26.90 | 150 22.0 1.5 6.0 | Peppered brisket.
Salami | 300 g | 24.90 was 28.90 | 340 17.0 2.0 30.0 | Dry beef salami, a piece to slice.
Chicken Hot Dogs | 400 g | 17.90 | 230 11.0 4.0 19.0 | Ten sausages, smoked.
Merguez Sausages | 400 g | 34.90 | 270 15.0 2.0 22.5 | Spicy beef and lamb for the grill.
Hummus | 400 g | 11.90 | 230 7.5 13.0 16.0 | Smooth with a lot of tahini.
Hummus with Pine Nuts | 400 g | 14.90 | 245 7.8 13.0 17.5 | Topped with pine nuts and olive oil.
Eggplant Salad with Mayonnaise | 250 g | 9.90 | 190 1.3 6.0 18.0 | Roasted eggplant salad.
Matbucha | 250 g | 12.90 | 85 1.5 6.5 5.8 | Cooked tomatoes, peppers and garlic, a little hot.
Tahini Salad | 250 g | 10.90 | 280 8.0 7.0 25.0 | Ready tahini with lemon and parsley.
`,
);

export const meatAndFish: Department = {
  name: 'Meat & Fish',
  iconSlug: 'meat',
  description: 'Butcher, fish counter and deli',
  leaves: [beef, poultry, fish, deli],
};
