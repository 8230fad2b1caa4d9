export * from './branches.ts';
export * from './carts.ts';
export * from './catalogue.ts';
export * from './operations.ts';
export * from './orders.ts';
export * from './sales.ts';
export * from './stock.ts';
export * from './users.ts';
