/** Units of one product in a cart line, an order line, a stock request or a damage report. */
export const MAX_UNITS = 10_000;

/** The highest price of a product. */
export const MAX_PRICE = 10_000;

/** Lines of a cart. */
export const MAX_CART_LINES = 200;

/** Shopping lists of one customer. */
export const MAX_LISTS = 50;

/** Products of one shopping list. */
export const MAX_LIST_ITEMS = 200;
