import type { LocalTime } from './clock.ts';

export const WAREHOUSE_ID = 1;
export const OPENING_HOURS = { from: 6, to: 22 };

export interface Product {
  id: number;
  name: string;
  sku: string;
  unit: string;
  imageUrl: string;
  /** In agorot. */
  price: number;
  categoryId: number;
  taxClass: 'STANDARD' | 'ZERO';
  /** In agorot; 0: none. */
  deposit: number;
  /** Relative purchase frequency. */
  popularity: number;
  isActive: boolean;
}

export interface Customer {
  id: number;
  isDemo: boolean;
  address: string;
  paymentTokenId: number;
}

export interface Slot {
  id: number;
  weekday: number;
  startHour: number;
  capacity: number;
}

export interface Shop {
  openedAt: LocalTime;
  branchIds: number[];
  products: Product[];
  customers: Customer[];
  /** The first one is the demo account. */
  employeeIds: number[];
  managerId: number;
  /** The warehouse's slots; only the warehouse delivers. */
  slots: Slot[];
}
