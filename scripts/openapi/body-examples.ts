/** Examples of schemas whose fields depend on each other. */
export const SCHEMA_EXAMPLES: Record<string, unknown> = {
  PreviewBody: {
    cart_id: 7,
    fulfillment_type: 'DELIVERY',
    delivery_slot_id: 12,
    delivery_date: '2026-03-01',
    address_id: 1,
  },
  ConfirmBody: {
    cart_id: 7,
    fulfillment_type: 'DELIVERY',
    delivery_slot_id: 12,
    delivery_date: '2026-03-01',
    address_id: 1,
    payment_token_id: 1,
    expected_total: '158.50',
  },
  NewPromotion: {
    name: 'Three for two on dairy',
    kind: 'MULTI_BUY',
    take: 3,
    pay: 2,
    starts_at: '2026-03-01T00:00:00Z',
    ends_at: '2026-03-31T21:00:00Z',
    category_ids: [3],
    limit_per_customer: 1,
    group: 'dairy',
  },
  PromotionChange: { ends_at: '2026-04-30T21:00:00Z', priority: 5 },
  StockRequestReview: { status: 'APPROVED', approved_quantity: 24 },
  StockRequestBulkReview: {
    items: [
      { request_id: 1, status: 'APPROVED', approved_quantity: 24 },
      { request_id: 2, status: 'REJECTED', rejection_reason: 'A delivery is on its way.' },
    ],
  },
  StockRequestBulkReviewAnswer: {
    results: [
      { request_id: 1, status: 'APPROVED', result: 'ok' },
      {
        request_id: 2,
        status: 'REJECTED',
        result: 'error',
        error_code: 'INVALID_STATUS',
        message: 'This is not possible in the present status.',
      },
    ],
  },
  InventoryChange: { available_quantity: 24, reason: 'Counted in the morning.', expected_available_quantity: 26 },
};

/** Request bodies of single operations. */
export const BODY_EXAMPLES: Record<string, unknown> = {
  patchOpsOrdersByIdStatus: { status: 'IN_PROGRESS' },
  patchOpsOrdersByIdItemsByItemIdPickedStatus: { picked_status: 'PICKED' },
  postOpsPicks: {
    operations: [
      {
        op_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
        order_id: 42,
        item_id: 7,
        picked_status: 'PICKED',
        picked_quantity: 1,
        at: '2026-03-01T08:15:00Z',
      },
    ],
  },
  postOpsOrdersByIdItemsByItemIdReportDamage: {
    reason: 'Broken packaging',
    notes: 'Fell off the pallet.',
    quantity: 1,
  },
};
