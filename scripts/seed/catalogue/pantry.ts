import { type Department, leaf } from './department.ts';

const pasta = leaf(
  {
    name: 'Pasta, Rice & Grains',
    iconSlug: 'pasta',
    description: 'Pasta, rice, couscous and pulses',
    sku: 'PAST',
    bay: 'G-01',
  },
  `
Spaghetti No. 5 | 500 g | 5.90 | 355 12.5 71.0 1.5 | Durum wheat, nine minutes.
Penne | 500 g | 5.90 | 355 12.5 71.0 1.5 | Ridged, for sauces that cling.
Fusilli Whole Wheat | 500 g | 8.90 | 345 13.0 64.0 2.5 | Whole durum wheat.
Gluten Free Penne | 400 g | 14.90 | 357 7.0 78.0 1.8 | Of corn and rice.
Ptitim Toasted | 500 g | 6.90 | 350 12.0 72.0 1.2 | Israeli couscous, the rice-shaped kind.
Couscous | 500 g | 7.50 | 360 12.8 72.0 1.0 | Medium grain, five minutes.
Basmati Rice | 1 kg | 14.90 was 17.90 | 350 8.5 77.0 0.9 | Aged long grain, stays separate.
Jasmine Rice | 1 kg | 15.90 | 352 7.2 79.0 0.7 | Fragrant and slightly sticky.
Brown Rice | 1 kg | 13.90 | 345 7.5 72.0 2.7 | Whole grain, 35 minutes.
אורז פרסי | 1 kg | 9.90 | 350 7.0 78.0 0.6 | אורז ארוך וקלאסי לכל יום.
Organic Quinoa | 500 g | 21.90 | 368 14.1 64.2 6.1 | White quinoa, rinsed.
Bulgur Coarse | 500 g | 7.90 | 342 12.3 70.0 1.3 | For tabbouleh and pilaf.
Red Lentils | 500 g | 8.90 | 345 24.0 56.0 1.4 | Cooks to a soup in 20 minutes.
Chickpeas Dry | 1 kg | 13.90 | 364 19.3 60.7 6.0 | Small chickpeas for hummus, soak overnight.
`,
);

const canned = leaf(
  {
    name: 'Canned & Preserved',
    iconSlug: 'can',
    description: 'Tuna, tomatoes, corn, olives and pickles',
    sku: 'CANN',
    bay: 'G-03',
  },
  `
Tuna in Olive Oil | 4 pack | 29.90 was 34.90 | 190 25.0 0.0 10.0 | Light tuna steaks.
Tuna in Water | 4 pack | 26.90 | 108 25.0 0.0 0.8 | Light tuna, drained 112 g a tin.
Sweet Corn Tin | 340 g | 6.90 | 80 2.7 15.0 1.2 | Crisp kernels without added sugar.
Chopped Tomatoes | 400 g | 5.90 | 25 1.2 4.0 0.2 | Italian tomatoes in their juice.
Tomato Paste | 260 g | 5.50 | 90 4.5 16.0 0.4 | 22 Brix, no salt added.
Tomato Passata | 700 g | 10.90 | 32 1.5 5.0 0.3 | Sieved tomatoes for shakshuka and pasta.
White Beans in Tomato Sauce | 400 g | 7.50 | 90 4.8 14.0 0.6 | Heat and serve.
Chickpeas Tin | 400 g | 6.50 | 115 6.0 16.0 2.2 | Cooked chickpeas, for salad.
Green Olives Pitted | 560 g | 14.90 | 145 1.0 1.5 15.0 | Manzanillo olives in brine.
מלפפון חמוץ בחומץ | 540 g | 11.90 | 18 0.8 3.0 0.1 | מלפפונים חמוצים קטנים ופריכים.
Pickles in Brine | 560 g | 12.90 | 14 0.8 2.0 0.1 | Sour the old way: salt, garlic and dill.
Coconut Milk for Cooking | 400 ml | 9.90 | 185 1.6 2.8 18.5 | Rich, 17% fat, for curry.
Peaches in Syrup | 820 g | 15.90 | 70 0.4 17.0 0.1 | Halves, for cakes and compote.
`,
);

const oils = leaf(
  {
    name: 'Oils, Sauces & Spices',
    iconSlug: 'olive-oil',
    description: 'Olive oil, tahini, ketchup and the spice rack',
    sku: 'OILS',
    bay: 'G-05',
  },
  `
Extra Virgin Olive Oil | 750 ml | 44.90 was 52.90 | 824 0.0 0.0 91.6 | Cold pressed in the Galilee, acidity under 0.5%.
Organic Olive Oil | 500 ml | 49.90 | 824 0.0 0.0 91.6 | Organic Coratina olives, peppery.
Canola Oil | 1 L | 11.90 | 824 0.0 0.0 91.6 | For frying and baking.
Sunflower Oil | 1 L | 12.50 | 824 0.0 0.0 91.6 | Neutral in taste.
Raw Tahini | 500 g | 19.90 | 640 24.0 12.0 55.0 | Of Ethiopian sesame; stir before use.
Organic Whole Tahini | 500 g | 27.90 | 630 23.0 13.0 53.0 | Unhulled organic sesame.
Ketchup | 750 g | 13.90 | 105 1.3 24.0 0.1 | From ripe tomatoes.
Mayonnaise | 500 g | 12.90 | 650 1.0 3.0 70.0 | Classic, in a squeeze bottle.
Dijon Mustard | 200 g | 12.90 | 145 7.0 4.0 11.0 | Sharp, for dressings.
Soy Sauce | 500 ml | 16.90 | 75 8.0 10.0 0.1 | Naturally brewed.
Silan Date Syrup | 400 g | 18.90 | 290 1.0 72.0 0.1 | Dates and nothing else.
Apple Vinegar | 1 L | 12.90 | 22 0.0 0.6 0.0 | 5% acidity, unfiltered.
Za'atar Mix | 100 g | 12.90 | 320 10.0 38.0 13.0 | Hyssop, sesame and sumac.
Sweet Paprika | 100 g | 9.90 | 282 14.0 54.0 13.0 | Bright red, in oil.
Cumin Ground | 100 g | 9.90 | 375 17.8 44.0 22.3 | Freshly ground.
Table Salt | 1 kg | 2.90 | - | Fine sea salt from Eilat.
`,
);

const baking = leaf(
  {
    name: 'Baking & Sugar',
    iconSlug: 'whisk',
    description: 'Flour, sugar, yeast and everything for a cake',
    sku: 'BAKE',
    bay: 'G-07',
  },
  `
White Flour | 1 kg | 5.50 | 350 10.0 74.0 1.1 | Sifted wheat flour for cakes and bread.
קמח לבן מנופה | 1 kg | 4.90 | 350 10.0 74.0 1.1 | קמח חיטה לכל מטרה.
Whole Wheat Flour | 1 kg | 8.90 | 335 12.0 64.0 2.2 | Stone-ground.
Organic Spelt Flour | 1 kg | 17.90 | 340 13.0 66.0 2.4 | Whole organic spelt.
White Sugar | 1 kg | 4.90 | 400 0.0 100.0 0.0 | Fine crystals.
Brown Demerara Sugar | 500 g | 8.90 | 390 0.0 97.0 0.0 | For cookies and for coffee.
Powdered Sugar | 200 g | 4.50 | 390 0.0 98.0 0.0 | For icing.
Instant Dry Yeast | 100 g | 9.90 | 325 40.0 41.0 7.6 | Goes straight into the flour.
Baking Powder | 10 pack | 5.90 | 80 0.0 20.0 0.0 | Sachets of 10 g.
Cocoa Powder | 150 g | 16.90 was 19.90 | 330 21.0 20.0 11.0 | Pure Dutch cocoa.
Vanilla Extract | 50 ml | 22.90 | 288 0.1 13.0 0.1 | From Madagascar beans.
Baking Chocolate 60% | 200 g | 17.90 | 540 7.0 43.0 37.0 | Melts smoothly.
`,
);

const breakfast = leaf(
  {
    name: 'Cereals & Spreads',
    iconSlug: 'cereal',
    description: 'Cornflakes, granola, honey, jam and chocolate spread',
    sku: 'CERL',
    bay: 'G-09',
  },
  `
Cornflakes | 750 g | 22.90 | 375 7.5 84.0 0.9 | Crisp corn flakes with vitamins.
Chocolate Cereal Pillows | 500 g | 24.90 was 28.90 | 440 8.0 67.0 15.0 | With a soft nougat filling.
Branflakes | 500 g | 21.90 | 350 10.0 66.0 2.5 | Whole grain and fibre.
Granola with Nuts | 500 g | 27.90 | 450 11.0 55.0 20.0 | Baked with honey, pecans and almonds.
Rolled Oats | 500 g | 9.90 | 372 13.5 59.0 7.0 | For porridge and for overnight oats.
Organic Rolled Oats | 500 g | 15.90 | 372 13.5 59.0 7.0 | Organic whole grain oats.
Honey | 500 g | 27.90 | 320 0.3 80.0 0.0 | Wildflower honey from the Galilee.
Strawberry Jam | 340 g | 14.90 | 240 0.4 59.0 0.1 | More than half fruit.
Chocolate Spread | 500 g | 15.90 | 545 3.0 60.0 32.0 | The one from everyone's childhood.
Hazelnut Spread | 350 g | 21.90 | 539 6.0 57.0 31.0 | With 13% hazelnuts.
Peanut Butter | 340 g | 19.90 | 600 26.0 14.0 49.0 | Only peanuts and a little salt.
`,
);

export const pantry: Department = {
  name: 'Pantry',
  iconSlug: 'pantry',
  description: 'The cupboard: pasta, tins, oil, flour and breakfast',
  leaves: [pasta, canned, oils, baking, breakfast],
};
