import { bakery } from './bakery.ts';
import { baby, personalCare } from './care.ts';
import { dairy } from './dairy.ts';
import type { Department } from './department.ts';
import { coffeeAndTea, drinks } from './drinks.ts';
import { frozen } from './frozen.ts';
import { household, pets } from './home.ts';
import { meatAndFish } from './meat-and-fish.ts';
import { pantry } from './pantry.ts';
import { produce } from './produce.ts';
import { snacks } from './snacks.ts';

/** The shop of the development seed: departments, their leaves, their products. */
export const departments: Department[] = [
  dairy,
  bakery,
  produce,
  meatAndFish,
  frozen,
  pantry,
  snacks,
  drinks,
  coffeeAndTea,
  household,
  personalCare,
  baby,
  pets,
];
