import { type Department, leaf } from './department.ts';

const fruit = leaf(
  { name: 'Fruit', iconSlug: 'apple', description: 'Fruit in season, sold by weight', sku: 'FRUT', bay: 'C-01' },
  `
Banana | kg | 7.90 | 89 1.1 22.8 0.3 | Yellow with a touch of green, ripe in two days.
Apple Pink Lady | kg | 14.90 | 57 0.4 13.2 0.2 | Crisp and sweet with a little acid.
Apple Granny Smith | kg | 11.90 was 13.90 | 58 0.4 13.6 0.2 | Green and sour, the one for pie.
Apple Golden | kg | 10.90 | 57 0.3 13.6 0.2 | Soft and sweet apples from the Golan.
Pear Spadona | kg | 12.90 | 57 0.4 15.2 0.1 | Juicy green pears.
Orange | kg | 6.90 | 47 0.9 11.8 0.1 | Jaffa oranges for eating and for juice.
Clementine | kg | 7.90 | 47 0.9 12.0 0.2 | Easy to peel and seedless.
Red Grapefruit | kg | 7.50 | 42 0.8 10.7 0.1 | Sweet red flesh.
Lemon | kg | 8.90 | 29 1.1 9.3 0.3 | Juicy lemons, unwaxed.
Avocado Hass | kg | 19.90 was 24.90 | 160 2.0 8.5 14.7 | Ready when the skin is dark.
Mango Maya | kg | 17.90 | 60 0.8 15.0 0.4 | Red and fragrant; summer in a box.
Strawberries | 500 g | 19.90 | 32 0.7 7.7 0.3 | Picked the night before delivery.
Blueberries | 125 g | 16.90 | 57 0.7 14.5 0.3 | Washed, for cereal and yogurt.
Red Grapes Seedless | kg | 16.90 | 69 0.7 18.1 0.2 | Crunchy and sweet.
Watermelon | kg | 4.90 | 30 0.6 7.6 0.2 | Whole, about 7 kg each, red and sweet.
Melon Galia | kg | 8.90 | 34 0.8 8.2 0.2 | Yellow net skin with sweet green flesh.
Pomegranate | kg | 13.90 | 83 1.7 18.7 1.2 | Deep red seeds.
Kiwi | kg | 19.90 | 61 1.1 14.7 0.5 | Ripen it next to the bananas.
Medjool Dates | 500 g | 27.90 | 277 1.8 75.0 0.2 | Large soft dates from the Arava.
Organic Banana | kg | 14.90 | 89 1.1 22.8 0.3 | Organic bananas from the Carmel coast.
`,
);

const vegetables = leaf(
  {
    name: 'Vegetables',
    iconSlug: 'carrot',
    description: 'Fresh vegetables from local growers',
    sku: 'VEGE',
    bay: 'C-03',
  },
  `
Tomato | kg | 6.90 | 18 0.9 3.9 0.2 | Firm red tomatoes for salad.
עגבניות שרי | 500 g | 9.90 | 18 0.9 3.9 0.2 | עגבניות שרי מתוקות על אשכול.
Cucumber | kg | 6.50 | 15 0.7 3.6 0.1 | Small crisp cucumbers.
מלפפון בייבי | 500 g | 8.90 | 15 0.7 3.6 0.1 | מלפפונים קטנים ופריכים לקופסת האוכל.
Red Bell Pepper | kg | 11.90 | 31 1.0 6.0 0.3 | Sweet and thick-walled, good raw or roasted.
Yellow Bell Pepper | kg | 14.90 | 27 1.0 6.3 0.2 | Sweet and bright.
Carrot | kg | 5.90 | 41 0.9 9.6 0.2 | Washed carrots without leaves.
Potato | kg | 5.50 | 77 2.0 17.5 0.1 | White potatoes for mash, fries and soup.
Sweet Potato | kg | 8.90 was 10.90 | 86 1.6 20.1 0.1 | Orange flesh, roast them whole.
Onion | kg | 4.90 | 40 1.1 9.3 0.1 | Dry yellow onions.
Red Onion | kg | 6.90 | 40 1.1 9.3 0.1 | Milder, for salad and pickling.
Garlic | 250 g | 9.90 | 149 6.4 33.1 0.5 | Three to four dry heads.
Zucchini | kg | 7.90 | 17 1.2 3.1 0.3 | Light-skinned zucchini for stuffing.
Eggplant | kg | 6.90 | 25 1.0 5.9 0.2 | Shiny black, light for its size, so few seeds.
Broccoli | kg | 14.90 | 34 2.8 6.6 0.4 | Tight green heads.
Cauliflower | kg | 9.90 | 25 1.9 5.0 0.3 | White and compact, roast it whole with tahini.
White Cabbage | kg | 4.50 | 25 1.3 5.8 0.1 | For salad and for stuffing.
Champignon Mushrooms | 250 g | 9.90 | 22 3.1 3.3 0.3 | White mushrooms, picked this week.
Corn on the Cob | 2 pack | 9.90 | 86 3.3 19.0 1.4 | Sweet corn, five minutes in boiling water.
Beetroot Cooked | 500 g | 10.90 | 44 1.7 10.0 0.2 | Peeled and cooked in vacuum, no preservatives.
Organic Carrot | kg | 10.90 | 41 0.9 9.6 0.2 | Organic carrots from the western Negev.
Organic Tomato | kg | 15.90 | 18 0.9 3.9 0.2 | Grown in soil, without sprays.
`,
);

const herbs = leaf(
  {
    name: 'Herbs & Salads',
    iconSlug: 'leaf',
    description: 'Washed herbs and leaves, free of insects',
    sku: 'HERB',
    bay: 'C-06',
  },
  `
Parsley | 100 g | 4.90 | 36 3.0 6.3 0.8 | Flat-leaf parsley, washed.
Coriander | 100 g | 4.90 | 23 2.1 3.7 0.5 | Fresh coriander, washed.
Dill | 100 g | 4.90 | 43 3.5 7.0 1.1 | For soup, fish and cucumbers.
Mint | 100 g | 4.90 | 44 3.3 8.4 0.7 | For tea and tabbouleh.
Basil | 50 g | 6.90 | 23 3.2 2.7 0.6 | Large fragrant leaves; do not put it in the fridge door.
Spring Onion | 150 g | 5.50 | 32 1.8 7.3 0.2 | Washed and trimmed.
Romaine Lettuce | each | 7.90 | 17 1.2 3.3 0.3 | Crisp hearts grown without insects.
Baby Spinach | 200 g | 13.90 | 23 2.9 3.6 0.4 | Washed leaves, ready to eat.
Rocket | 100 g | 8.90 | 25 2.6 3.7 0.7 | Peppery leaves for salad and pizza.
Mixed Salad Leaves | 250 g | 14.90 was 17.90 | 20 1.6 3.0 0.3 | Lettuce, red leaves and baby spinach.
Organic Kale | 200 g | 12.90 | 49 4.3 8.8 0.9 | Curly kale from organic growers.
`,
);

export const produce: Department = {
  name: 'Fruit & Vegetables',
  iconSlug: 'produce',
  description: 'Picked close to home, sold by weight',
  leaves: [fruit, vegetables, herbs],
};
