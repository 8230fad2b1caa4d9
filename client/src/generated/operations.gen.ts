// Generated from public/openapi.json by `npm run openapi`.

import type { Operation } from '../operation.ts';
import type {
  ActionRequired,
  ActionSettled,
  AddItemBody,
  Address,
  AddressChange,
  AdminBranch,
  AdminCategory,
  AdminDeliverySlot,
  AdminProduct,
  AdminUser,
  Alert,
  Allergen,
  AmendedOrder,
  Amendment,
  AmendmentConfirmBody,
  AmendmentPreview,
  AmendmentPreviewBody,
  ApiKey,
  AppliedDiscount,
  AuditEntry,
  Batch,
  BatchStatus,
  Branch,
  BranchChange,
  CalendarError,
  CalendarImport,
  CanceledOrder,
  Cart,
  CartCoupon,
  CartLine,
  Category,
  CategoryChange,
  CategoryNode,
  ChangePasswordBody,
  CheckoutPreview,
  Claim,
  ClaimDecision,
  ClaimDecisions,
  ClaimItem,
  ClaimProblem,
  ClaimStatus,
  ConfirmBody,
  CouponBody,
  Credit,
  CreditEntry,
  CreditNote,
  DeleteAdminApiKeysByIdData,
  DeleteAdminApiKeysByIdErrors,
  DeleteAdminApiKeysByIdResponses,
  DeleteAdminDeliveryZonesByIdData,
  DeleteAdminDeliveryZonesByIdErrors,
  DeleteAdminDeliveryZonesByIdResponses,
  DeleteAdminPricesByIdData,
  DeleteAdminPricesByIdErrors,
  DeleteAdminPricesByIdResponses,
  DeleteAdminSearchSynonymsByIdData,
  DeleteAdminSearchSynonymsByIdErrors,
  DeleteAdminSearchSynonymsByIdResponses,
  DeleteAdminSlotExceptionsByIdData,
  DeleteAdminSlotExceptionsByIdErrors,
  DeleteAdminSlotExceptionsByIdResponses,
  DeleteAdminWebhooksByIdData,
  DeleteAdminWebhooksByIdErrors,
  DeleteAdminWebhooksByIdResponses,
  DeleteAuthSessionsByIdData,
  DeleteAuthSessionsByIdErrors,
  DeleteAuthSessionsByIdResponses,
  DeleteAuthTotpData,
  DeleteAuthTotpErrors,
  DeleteAuthTotpResponses,
  DeleteCartCouponData,
  DeleteCartCouponErrors,
  DeleteCartCouponResponses,
  DeleteCartData,
  DeleteCartErrors,
  DeleteCartItemsByItemIdData,
  DeleteCartItemsByItemIdErrors,
  DeleteCartItemsByItemIdResponses,
  DeleteCartResponses,
  DeleteMeAddressesByIdData,
  DeleteMeAddressesByIdErrors,
  DeleteMeAddressesByIdResponses,
  DeleteMeData,
  DeleteMeErrors,
  DeleteMePaymentTokensByIdData,
  DeleteMePaymentTokensByIdErrors,
  DeleteMePaymentTokensByIdResponses,
  DeleteMeResponses,
  DeleteOrdersByIdAmendmentsByAidData,
  DeleteOrdersByIdAmendmentsByAidErrors,
  DeleteOrdersByIdAmendmentsByAidResponses,
  DeleteStoreListsByIdData,
  DeleteStoreListsByIdErrors,
  DeleteStoreListsByIdResponses,
  DeleteStoreWishlistByProductIdData,
  DeleteStoreWishlistByProductIdErrors,
  DeleteStoreWishlistByProductIdResponses,
  Deletion,
  DeletionBody,
  DeliveryCheck,
  DeliverySlot,
  DeliverySlotChange,
  DeliverySource,
  DeliveryStatus,
  DeliveryZone,
  DeliveryZoneChange,
  DeliveryZoneDeleted,
  DietaryLabel,
  EmailBody,
  EventData,
  Facets,
  FloorOrder,
  ForgotPasswordAnswer,
  FulfillmentType,
  GetAdminAnalyticsInventoryData,
  GetAdminAnalyticsInventoryErrors,
  GetAdminAnalyticsInventoryResponses,
  GetAdminAnalyticsOrdersData,
  GetAdminAnalyticsOrdersErrors,
  GetAdminAnalyticsOrdersResponses,
  GetAdminAnalyticsRevenueData,
  GetAdminAnalyticsRevenueErrors,
  GetAdminAnalyticsRevenueResponses,
  GetAdminAnalyticsTopProductsData,
  GetAdminAnalyticsTopProductsErrors,
  GetAdminAnalyticsTopProductsResponses,
  GetAdminApiKeysData,
  GetAdminApiKeysErrors,
  GetAdminApiKeysResponses,
  GetAdminAuditData,
  GetAdminAuditErrors,
  GetAdminAuditExportData,
  GetAdminAuditExportErrors,
  GetAdminAuditExportResponses,
  GetAdminAuditResponses,
  GetAdminBranchesData,
  GetAdminBranchesErrors,
  GetAdminBranchesResponses,
  GetAdminDeliverySlotsData,
  GetAdminDeliverySlotsErrors,
  GetAdminDeliverySlotsResponses,
  GetAdminDeliveryZonesData,
  GetAdminDeliveryZonesErrors,
  GetAdminDeliveryZonesResponses,
  GetAdminInventoryByIdMovementsData,
  GetAdminInventoryByIdMovementsErrors,
  GetAdminInventoryByIdMovementsResponses,
  GetAdminInventoryData,
  GetAdminInventoryErrors,
  GetAdminInventoryExportData,
  GetAdminInventoryExportErrors,
  GetAdminInventoryExportResponses,
  GetAdminInventoryResponses,
  GetAdminOrdersExportData,
  GetAdminOrdersExportErrors,
  GetAdminOrdersExportResponses,
  GetAdminPricesData,
  GetAdminPricesErrors,
  GetAdminPricesResponses,
  GetAdminProductsData,
  GetAdminProductsErrors,
  GetAdminProductsExportData,
  GetAdminProductsExportErrors,
  GetAdminProductsExportResponses,
  GetAdminProductsResponses,
  GetAdminPromotionsData,
  GetAdminPromotionsErrors,
  GetAdminPromotionsResponses,
  GetAdminRefundsData,
  GetAdminRefundsErrors,
  GetAdminRefundsResponses,
  GetAdminSearchSynonymsData,
  GetAdminSearchSynonymsErrors,
  GetAdminSearchSynonymsResponses,
  GetAdminSettingsData,
  GetAdminSettingsErrors,
  GetAdminSettingsResponses,
  GetAdminSlotExceptionsData,
  GetAdminSlotExceptionsErrors,
  GetAdminSlotExceptionsResponses,
  GetAdminTaxRatesData,
  GetAdminTaxRatesErrors,
  GetAdminTaxRatesResponses,
  GetAdminUsersByIdData,
  GetAdminUsersByIdErrors,
  GetAdminUsersByIdResponses,
  GetAdminUsersData,
  GetAdminUsersErrors,
  GetAdminUsersResponses,
  GetAdminWebhooksByIdDeliveriesData,
  GetAdminWebhooksByIdDeliveriesErrors,
  GetAdminWebhooksByIdDeliveriesResponses,
  GetAdminWebhooksData,
  GetAdminWebhooksErrors,
  GetAdminWebhooksResponses,
  GetAuthMeData,
  GetAuthMeErrors,
  GetAuthMeResponses,
  GetAuthSessionsData,
  GetAuthSessionsErrors,
  GetAuthSessionsResponses,
  GetBranchesData,
  GetBranchesDeliverySourceData,
  GetBranchesDeliverySourceErrors,
  GetBranchesDeliverySourceResponses,
  GetBranchesErrors,
  GetBranchesResponses,
  GetCartData,
  GetCartErrors,
  GetCartResponses,
  GetCatalogCategoriesByIdProductsData,
  GetCatalogCategoriesByIdProductsErrors,
  GetCatalogCategoriesByIdProductsResponses,
  GetCatalogCategoriesData,
  GetCatalogCategoriesErrors,
  GetCatalogCategoriesResponses,
  GetCatalogCategoriesTreeData,
  GetCatalogCategoriesTreeErrors,
  GetCatalogCategoriesTreeResponses,
  GetCatalogProductsAutocompleteData,
  GetCatalogProductsAutocompleteErrors,
  GetCatalogProductsAutocompleteResponses,
  GetCatalogProductsByBarcodeByGtinData,
  GetCatalogProductsByBarcodeByGtinErrors,
  GetCatalogProductsByBarcodeByGtinResponses,
  GetCatalogProductsByIdData,
  GetCatalogProductsByIdErrors,
  GetCatalogProductsByIdResponses,
  GetCatalogProductsByIdReviewsData,
  GetCatalogProductsByIdReviewsErrors,
  GetCatalogProductsByIdReviewsResponses,
  GetCatalogProductsData,
  GetCatalogProductsErrors,
  GetCatalogProductsFeaturedData,
  GetCatalogProductsFeaturedErrors,
  GetCatalogProductsFeaturedResponses,
  GetCatalogProductsResponses,
  GetCatalogProductsSearchData,
  GetCatalogProductsSearchErrors,
  GetCatalogProductsSearchResponses,
  GetDeliverySlotsData,
  GetDeliverySlotsErrors,
  GetDeliverySlotsResponses,
  GetHealthData,
  GetHealthJobsData,
  GetHealthJobsErrors,
  GetHealthJobsResponses,
  GetHealthReadyData,
  GetHealthReadyErrors,
  GetHealthReadyResponses,
  GetHealthResponses,
  GetMeAddressesData,
  GetMeAddressesErrors,
  GetMeAddressesResponses,
  GetMeCreditData,
  GetMeCreditErrors,
  GetMeCreditResponses,
  GetMeData,
  GetMeErrors,
  GetMeExportData,
  GetMeExportErrors,
  GetMeExportResponses,
  GetMePaymentTokensData,
  GetMePaymentTokensErrors,
  GetMePaymentTokensResponses,
  GetMeResponses,
  GetOpsAlertsData,
  GetOpsAlertsErrors,
  GetOpsAlertsResponses,
  GetOpsBatchesByIdData,
  GetOpsBatchesByIdErrors,
  GetOpsBatchesByIdResponses,
  GetOpsBatchesData,
  GetOpsBatchesErrors,
  GetOpsBatchesResponses,
  GetOpsClaimsData,
  GetOpsClaimsErrors,
  GetOpsClaimsResponses,
  GetOpsInventoryData,
  GetOpsInventoryErrors,
  GetOpsInventoryResponses,
  GetOpsLiveData,
  GetOpsLiveErrors,
  GetOpsOrdersByIdData,
  GetOpsOrdersByIdErrors,
  GetOpsOrdersByIdItemsByItemIdSuggestionsData,
  GetOpsOrdersByIdItemsByItemIdSuggestionsErrors,
  GetOpsOrdersByIdItemsByItemIdSuggestionsResponses,
  GetOpsOrdersByIdResponses,
  GetOpsOrdersData,
  GetOpsOrdersErrors,
  GetOpsOrdersResponses,
  GetOpsPerformanceData,
  GetOpsPerformanceErrors,
  GetOpsPerformanceResponses,
  GetOpsStockRequestsData,
  GetOpsStockRequestsErrors,
  GetOpsStockRequestsResponses,
  GetOrdersByIdClaimsData,
  GetOrdersByIdClaimsErrors,
  GetOrdersByIdClaimsResponses,
  GetOrdersByIdData,
  GetOrdersByIdErrors,
  GetOrdersByIdEventsData,
  GetOrdersByIdEventsErrors,
  GetOrdersByIdEventsResponses,
  GetOrdersByIdLiveData,
  GetOrdersByIdLiveErrors,
  GetOrdersByIdProposalsData,
  GetOrdersByIdProposalsErrors,
  GetOrdersByIdProposalsResponses,
  GetOrdersByIdReceiptData,
  GetOrdersByIdReceiptErrors,
  GetOrdersByIdReceiptResponses,
  GetOrdersByIdResponses,
  GetOrdersData,
  GetOrdersErrors,
  GetOrdersResponses,
  GetPaymentsMockpayActionsByKeyData,
  GetPaymentsMockpayActionsByKeyErrors,
  GetPaymentsMockpayActionsByKeyResponses,
  GetStockRequestsAdminByIdData,
  GetStockRequestsAdminByIdErrors,
  GetStockRequestsAdminByIdResponses,
  GetStockRequestsAdminData,
  GetStockRequestsAdminErrors,
  GetStockRequestsAdminResponses,
  GetStockRequestsMyData,
  GetStockRequestsMyErrors,
  GetStockRequestsMyResponses,
  GetStoreDeliveryCheckData,
  GetStoreDeliveryCheckErrors,
  GetStoreDeliveryCheckResponses,
  GetStoreListsByIdData,
  GetStoreListsByIdErrors,
  GetStoreListsByIdResponses,
  GetStoreListsData,
  GetStoreListsErrors,
  GetStoreListsResponses,
  GetStoreNotificationsData,
  GetStoreNotificationsErrors,
  GetStoreNotificationsResponses,
  GetStorePaymentConfigData,
  GetStorePaymentConfigErrors,
  GetStorePaymentConfigResponses,
  GetStoreShippingInfoData,
  GetStoreShippingInfoErrors,
  GetStoreShippingInfoResponses,
  GetStoreUsualsData,
  GetStoreUsualsErrors,
  GetStoreUsualsResponses,
  GetStoreWishlistData,
  GetStoreWishlistErrors,
  GetStoreWishlistResponses,
  GrantedCredit,
  InventoryChange,
  InventoryCount,
  InventoryFigures,
  InventoryImport,
  InventoryRow,
  Language,
  ListItems,
  ListName,
  ListedProduct,
  ListingMeta,
  LiveMessage,
  LiveSnapshot,
  LiveTicket,
  LiveTicketBody,
  LoginBody,
  Message,
  MissingItem,
  NetContent,
  NetContentInput,
  NewAddress,
  NewApiKey,
  NewApiKeyBody,
  NewBranch,
  NewCategory,
  NewClaim,
  NewClaimItem,
  NewCredit,
  NewDeliverySlot,
  NewDeliveryZone,
  NewInventory,
  NewPaymentSetup,
  NewPaymentToken,
  NewProduct,
  NewPromotion,
  NewRefund,
  NewScheduledPrice,
  NewSearchSynonyms,
  NewSlotException,
  NewStaff,
  NewStockRequest,
  NewTaxRate,
  NewWebhook,
  Notification,
  Notifications,
  Order,
  OrderConfirmation,
  OrderFigures,
  OrderItem,
  OrderStatus,
  PageMeta,
  PatchAdminBranchesByIdData,
  PatchAdminBranchesByIdErrors,
  PatchAdminBranchesByIdResponses,
  PatchAdminBranchesByIdToggleData,
  PatchAdminBranchesByIdToggleErrors,
  PatchAdminBranchesByIdToggleResponses,
  PatchAdminCategoriesByIdData,
  PatchAdminCategoriesByIdErrors,
  PatchAdminCategoriesByIdResponses,
  PatchAdminCategoriesByIdToggleData,
  PatchAdminCategoriesByIdToggleErrors,
  PatchAdminCategoriesByIdToggleResponses,
  PatchAdminDeliverySlotsByIdData,
  PatchAdminDeliverySlotsByIdErrors,
  PatchAdminDeliverySlotsByIdResponses,
  PatchAdminDeliverySlotsByIdToggleData,
  PatchAdminDeliverySlotsByIdToggleErrors,
  PatchAdminDeliverySlotsByIdToggleResponses,
  PatchAdminDeliveryZonesByIdData,
  PatchAdminDeliveryZonesByIdErrors,
  PatchAdminDeliveryZonesByIdResponses,
  PatchAdminInventoryByIdData,
  PatchAdminInventoryByIdErrors,
  PatchAdminInventoryByIdResponses,
  PatchAdminPricesByIdData,
  PatchAdminPricesByIdErrors,
  PatchAdminPricesByIdResponses,
  PatchAdminProductsByIdData,
  PatchAdminProductsByIdErrors,
  PatchAdminProductsByIdResponses,
  PatchAdminProductsByIdToggleData,
  PatchAdminProductsByIdToggleErrors,
  PatchAdminProductsByIdToggleResponses,
  PatchAdminPromotionsByIdData,
  PatchAdminPromotionsByIdErrors,
  PatchAdminPromotionsByIdResponses,
  PatchAdminPromotionsByIdToggleData,
  PatchAdminPromotionsByIdToggleErrors,
  PatchAdminPromotionsByIdToggleResponses,
  PatchAdminRefundsByIdData,
  PatchAdminRefundsByIdErrors,
  PatchAdminRefundsByIdResponses,
  PatchAdminUsersByIdData,
  PatchAdminUsersByIdErrors,
  PatchAdminUsersByIdResponses,
  PatchAdminUsersByIdToggleData,
  PatchAdminUsersByIdToggleErrors,
  PatchAdminUsersByIdToggleResponses,
  PatchAdminWebhooksByIdData,
  PatchAdminWebhooksByIdErrors,
  PatchAdminWebhooksByIdResponses,
  PatchMeAddressesByIdDefaultData,
  PatchMeAddressesByIdDefaultErrors,
  PatchMeAddressesByIdDefaultResponses,
  PatchMeData,
  PatchMeErrors,
  PatchMePaymentTokensByIdDefaultData,
  PatchMePaymentTokensByIdDefaultErrors,
  PatchMePaymentTokensByIdDefaultResponses,
  PatchMePhoneData,
  PatchMePhoneErrors,
  PatchMePhoneResponses,
  PatchMeResponses,
  PatchOpsClaimsByIdData,
  PatchOpsClaimsByIdErrors,
  PatchOpsClaimsByIdResponses,
  PatchOpsInventoryByIdData,
  PatchOpsInventoryByIdErrors,
  PatchOpsInventoryByIdResponses,
  PatchOpsOrdersByIdItemsByItemIdPickedStatusData,
  PatchOpsOrdersByIdItemsByItemIdPickedStatusErrors,
  PatchOpsOrdersByIdItemsByItemIdPickedStatusResponses,
  PatchOpsOrdersByIdStatusData,
  PatchOpsOrdersByIdStatusErrors,
  PatchOpsOrdersByIdStatusResponses,
  PatchOrdersByIdItemsByItemIdSubstitutionData,
  PatchOrdersByIdItemsByItemIdSubstitutionErrors,
  PatchOrdersByIdItemsByItemIdSubstitutionResponses,
  PatchStockRequestsAdminBulkReviewData,
  PatchStockRequestsAdminBulkReviewErrors,
  PatchStockRequestsAdminBulkReviewResponses,
  PatchStockRequestsAdminByIdResolveData,
  PatchStockRequestsAdminByIdResolveErrors,
  PatchStockRequestsAdminByIdResolveResponses,
  PatchStoreListsByIdData,
  PatchStoreListsByIdErrors,
  PatchStoreListsByIdResponses,
  PaymentAction,
  PaymentBody,
  PaymentConfig,
  PaymentSetup,
  PaymentToken,
  Performance,
  PersonalData,
  PhoneChange,
  PickOperation,
  PickResults,
  PickedStatus,
  PostAdminApiKeysData,
  PostAdminApiKeysErrors,
  PostAdminApiKeysResponses,
  PostAdminBranchesData,
  PostAdminBranchesErrors,
  PostAdminBranchesResponses,
  PostAdminCategoriesData,
  PostAdminCategoriesErrors,
  PostAdminCategoriesResponses,
  PostAdminDeliverySlotsData,
  PostAdminDeliverySlotsErrors,
  PostAdminDeliverySlotsResponses,
  PostAdminDeliveryZonesData,
  PostAdminDeliveryZonesErrors,
  PostAdminDeliveryZonesResponses,
  PostAdminInventoryBulkData,
  PostAdminInventoryBulkErrors,
  PostAdminInventoryBulkResponses,
  PostAdminInventoryData,
  PostAdminInventoryErrors,
  PostAdminInventoryResponses,
  PostAdminPricesData,
  PostAdminPricesErrors,
  PostAdminPricesResponses,
  PostAdminProductsBulkData,
  PostAdminProductsBulkErrors,
  PostAdminProductsBulkResponses,
  PostAdminProductsData,
  PostAdminProductsErrors,
  PostAdminProductsResponses,
  PostAdminPromotionsData,
  PostAdminPromotionsErrors,
  PostAdminPromotionsResponses,
  PostAdminSearchSynonymsData,
  PostAdminSearchSynonymsErrors,
  PostAdminSearchSynonymsResponses,
  PostAdminSlotExceptionsData,
  PostAdminSlotExceptionsErrors,
  PostAdminSlotExceptionsImportData,
  PostAdminSlotExceptionsImportErrors,
  PostAdminSlotExceptionsImportResponses,
  PostAdminSlotExceptionsResponses,
  PostAdminTaxRatesData,
  PostAdminTaxRatesErrors,
  PostAdminTaxRatesResponses,
  PostAdminUsersByIdCreditData,
  PostAdminUsersByIdCreditErrors,
  PostAdminUsersByIdCreditResponses,
  PostAdminUsersData,
  PostAdminUsersErrors,
  PostAdminUsersResponses,
  PostAdminWebhooksByIdDeliveriesByDeliveryIdReplayData,
  PostAdminWebhooksByIdDeliveriesByDeliveryIdReplayErrors,
  PostAdminWebhooksByIdDeliveriesByDeliveryIdReplayResponses,
  PostAdminWebhooksByIdRotateData,
  PostAdminWebhooksByIdRotateErrors,
  PostAdminWebhooksByIdRotateResponses,
  PostAdminWebhooksData,
  PostAdminWebhooksErrors,
  PostAdminWebhooksResponses,
  PostAuthChangePasswordData,
  PostAuthChangePasswordErrors,
  PostAuthChangePasswordResponses,
  PostAuthForgotPasswordData,
  PostAuthForgotPasswordErrors,
  PostAuthForgotPasswordResponses,
  PostAuthLoginData,
  PostAuthLoginErrors,
  PostAuthLoginResponses,
  PostAuthLoginTotpData,
  PostAuthLoginTotpErrors,
  PostAuthLoginTotpResponses,
  PostAuthLogoutAllData,
  PostAuthLogoutAllErrors,
  PostAuthLogoutAllResponses,
  PostAuthLogoutData,
  PostAuthLogoutErrors,
  PostAuthLogoutResponses,
  PostAuthRefreshData,
  PostAuthRefreshErrors,
  PostAuthRefreshResponses,
  PostAuthRegisterData,
  PostAuthRegisterErrors,
  PostAuthRegisterResponses,
  PostAuthRegisterSendOtpData,
  PostAuthRegisterSendOtpErrors,
  PostAuthRegisterSendOtpResponses,
  PostAuthRegisterVerifyOtpData,
  PostAuthRegisterVerifyOtpErrors,
  PostAuthRegisterVerifyOtpResponses,
  PostAuthResetPasswordData,
  PostAuthResetPasswordErrors,
  PostAuthResetPasswordResponses,
  PostAuthTotpSetupData,
  PostAuthTotpSetupErrors,
  PostAuthTotpSetupResponses,
  PostAuthTotpVerifyData,
  PostAuthTotpVerifyErrors,
  PostAuthTotpVerifyResponses,
  PostCartFromListByIdData,
  PostCartFromListByIdErrors,
  PostCartFromListByIdResponses,
  PostCartFromOrderByOrderIdData,
  PostCartFromOrderByOrderIdErrors,
  PostCartFromOrderByOrderIdResponses,
  PostCartItemsData,
  PostCartItemsErrors,
  PostCartItemsResponses,
  PostCatalogProductsByIdReviewsData,
  PostCatalogProductsByIdReviewsErrors,
  PostCatalogProductsByIdReviewsResponses,
  PostCheckoutConfirmData,
  PostCheckoutConfirmErrors,
  PostCheckoutConfirmResponses,
  PostCheckoutPreviewData,
  PostCheckoutPreviewErrors,
  PostCheckoutPreviewResponses,
  PostLiveTicketsData,
  PostLiveTicketsErrors,
  PostLiveTicketsResponses,
  PostMeAddressesData,
  PostMeAddressesErrors,
  PostMeAddressesResponses,
  PostMePaymentTokensData,
  PostMePaymentTokensErrors,
  PostMePaymentTokensResponses,
  PostMePaymentTokensSetupData,
  PostMePaymentTokensSetupErrors,
  PostMePaymentTokensSetupResponses,
  PostOpsBatchesByIdCompleteData,
  PostOpsBatchesByIdCompleteErrors,
  PostOpsBatchesByIdCompleteResponses,
  PostOpsBatchesData,
  PostOpsBatchesErrors,
  PostOpsBatchesResponses,
  PostOpsOrdersByIdItemsByItemIdProposalsData,
  PostOpsOrdersByIdItemsByItemIdProposalsErrors,
  PostOpsOrdersByIdItemsByItemIdProposalsResponses,
  PostOpsOrdersByIdItemsByItemIdReportDamageData,
  PostOpsOrdersByIdItemsByItemIdReportDamageErrors,
  PostOpsOrdersByIdItemsByItemIdReportDamageResponses,
  PostOpsOrdersByIdRefundsData,
  PostOpsOrdersByIdRefundsErrors,
  PostOpsOrdersByIdRefundsResponses,
  PostOpsPicksData,
  PostOpsPicksErrors,
  PostOpsPicksResponses,
  PostOpsStockRequestsData,
  PostOpsStockRequestsErrors,
  PostOpsStockRequestsResponses,
  PostOrdersByIdAmendmentsByAidConfirmData,
  PostOrdersByIdAmendmentsByAidConfirmErrors,
  PostOrdersByIdAmendmentsByAidConfirmResponses,
  PostOrdersByIdAmendmentsPreviewData,
  PostOrdersByIdAmendmentsPreviewErrors,
  PostOrdersByIdAmendmentsPreviewResponses,
  PostOrdersByIdCancelData,
  PostOrdersByIdCancelErrors,
  PostOrdersByIdCancelResponses,
  PostOrdersByIdClaimsData,
  PostOrdersByIdClaimsErrors,
  PostOrdersByIdClaimsResponses,
  PostOrdersByIdPaymentData,
  PostOrdersByIdPaymentErrors,
  PostOrdersByIdPaymentResponses,
  PostOrdersByIdProposalsByPidApproveData,
  PostOrdersByIdProposalsByPidApproveErrors,
  PostOrdersByIdProposalsByPidApproveResponses,
  PostOrdersByIdProposalsByPidRejectData,
  PostOrdersByIdProposalsByPidRejectErrors,
  PostOrdersByIdProposalsByPidRejectResponses,
  PostStockRequestsData,
  PostStockRequestsErrors,
  PostStockRequestsResponses,
  PostStoreListsData,
  PostStoreListsErrors,
  PostStoreListsResponses,
  PostStoreNotificationsReadData,
  PostStoreNotificationsReadErrors,
  PostStoreNotificationsReadResponses,
  PostStoreWishlistData,
  PostStoreWishlistErrors,
  PostStoreWishlistResponses,
  PostWebhooksPaymentsByProviderData,
  PostWebhooksPaymentsByProviderErrors,
  PostWebhooksPaymentsByProviderResponses,
  PreviewBody,
  PriceChange,
  Product,
  ProductChange,
  ProductImport,
  ProductPromotion,
  Profile,
  ProfileChange,
  Promotion,
  PromotionChange,
  PromotionKind,
  Proposal,
  ProposalBody,
  PutAdminSettingsData,
  PutAdminSettingsErrors,
  PutAdminSettingsResponses,
  PutCartCouponData,
  PutCartCouponErrors,
  PutCartCouponResponses,
  PutCartItemsByItemIdData,
  PutCartItemsByItemIdErrors,
  PutCartItemsByItemIdResponses,
  PutMeAddressesByIdData,
  PutMeAddressesByIdErrors,
  PutMeAddressesByIdResponses,
  PutStoreListsByIdItemsData,
  PutStoreListsByIdItemsErrors,
  PutStoreListsByIdItemsResponses,
  ReadNotificationsBody,
  Receipt,
  ReceiptLine,
  ReceiptVat,
  RecoveryCodes,
  RefilledCart,
  RefreshBody,
  RefreshedSession,
  RefundDecision,
  RefundUnits,
  RegisterBody,
  Removed,
  RemovedWebhook,
  ResetPasswordBody,
  Revenue,
  Review,
  ReviewBody,
  Reviews,
  SavedPaymentToken,
  ScheduledPrice,
  ScheduledPriceChange,
  ScheduledPriceStatus,
  SearchSynonyms,
  SendOtpAnswer,
  Session,
  SetItemBody,
  Settings,
  SettingsChange,
  ShippingInfo,
  ShopEvent,
  ShoppingList,
  ShoppingListItem,
  SignedInDevice,
  SkippedLine,
  SlotException,
  SlotExceptionDeleted,
  SoldBy,
  StaffClaim,
  StaffOrder,
  StaffOrderItem,
  StaffProduct,
  StaffRefund,
  StaffRefundStatus,
  StockMovement,
  StockRequest,
  StockRequestBulkReview,
  StockRequestBulkReviewAnswer,
  StockRequestReview,
  Substitution,
  SubstitutionInput,
  SubstitutionPolicy,
  Success,
  Suggestion,
  Suggestions,
  TaxClass,
  TaxRate,
  ToggleBody,
  TopProduct,
  TotpDisableBody,
  TotpLoginBody,
  TotpSetup,
  TotpVerifyBody,
  Translations,
  UnitPrice,
  UnreadCount,
  User,
  UserChange,
  Usual,
  VerifyOtpAnswer,
  VerifyOtpBody,
  Webhook,
  WebhookDelivery,
  WebhookReceived,
  WebhookWithSecret,
  Wishlist,
  WishlistBody,
  WishlistItem,
} from './types.gen.ts';

export type Tag =
  | 'Auth'
  | 'Profile'
  | 'Privacy'
  | 'Store credit'
  | 'Catalog'
  | 'Branches'
  | 'Store'
  | 'Shopping lists'
  | 'Cart'
  | 'Checkout'
  | 'Orders'
  | 'Claims'
  | 'Events'
  | 'Live'
  | 'Payments'
  | 'Webhooks'
  | 'Operations'
  | 'Refunds'
  | 'Inventory'
  | 'Stock requests'
  | 'Admin: catalog'
  | 'Admin: prices'
  | 'Admin: branches'
  | 'Admin: delivery'
  | 'Admin: users'
  | 'Admin: API keys'
  | 'Admin: promotions'
  | 'Admin: webhooks'
  | 'Admin: settings'
  | 'Admin: analytics'
  | 'Admin: audit'
  | 'Admin: exports'
  | 'Health';

export interface Operations {
  postAuthRegister: Operation<PostAuthRegisterData, PostAuthRegisterResponses, PostAuthRegisterErrors>;
  postAuthLogin: Operation<PostAuthLoginData, PostAuthLoginResponses, PostAuthLoginErrors>;
  postAuthLoginTotp: Operation<PostAuthLoginTotpData, PostAuthLoginTotpResponses, PostAuthLoginTotpErrors>;
  postAuthTotpSetup: Operation<PostAuthTotpSetupData, PostAuthTotpSetupResponses, PostAuthTotpSetupErrors>;
  postAuthTotpVerify: Operation<PostAuthTotpVerifyData, PostAuthTotpVerifyResponses, PostAuthTotpVerifyErrors>;
  deleteAuthTotp: Operation<DeleteAuthTotpData, DeleteAuthTotpResponses, DeleteAuthTotpErrors>;
  getAuthMe: Operation<GetAuthMeData, GetAuthMeResponses, GetAuthMeErrors>;
  postAuthRefresh: Operation<PostAuthRefreshData, PostAuthRefreshResponses, PostAuthRefreshErrors>;
  postAuthLogout: Operation<PostAuthLogoutData, PostAuthLogoutResponses, PostAuthLogoutErrors>;
  postAuthLogoutAll: Operation<PostAuthLogoutAllData, PostAuthLogoutAllResponses, PostAuthLogoutAllErrors>;
  postAuthChangePassword: Operation<PostAuthChangePasswordData, PostAuthChangePasswordResponses, PostAuthChangePasswordErrors>;
  postAuthForgotPassword: Operation<PostAuthForgotPasswordData, PostAuthForgotPasswordResponses, PostAuthForgotPasswordErrors>;
  postAuthResetPassword: Operation<PostAuthResetPasswordData, PostAuthResetPasswordResponses, PostAuthResetPasswordErrors>;
  postAuthRegisterSendOtp: Operation<PostAuthRegisterSendOtpData, PostAuthRegisterSendOtpResponses, PostAuthRegisterSendOtpErrors>;
  postAuthRegisterVerifyOtp: Operation<PostAuthRegisterVerifyOtpData, PostAuthRegisterVerifyOtpResponses, PostAuthRegisterVerifyOtpErrors>;
  getAuthSessions: Operation<GetAuthSessionsData, GetAuthSessionsResponses, GetAuthSessionsErrors>;
  deleteAuthSessionsById: Operation<DeleteAuthSessionsByIdData, DeleteAuthSessionsByIdResponses, DeleteAuthSessionsByIdErrors>;
  getMe: Operation<GetMeData, GetMeResponses, GetMeErrors>;
  patchMe: Operation<PatchMeData, PatchMeResponses, PatchMeErrors>;
  deleteMe: Operation<DeleteMeData, DeleteMeResponses, DeleteMeErrors>;
  patchMePhone: Operation<PatchMePhoneData, PatchMePhoneResponses, PatchMePhoneErrors>;
  getMeAddresses: Operation<GetMeAddressesData, GetMeAddressesResponses, GetMeAddressesErrors>;
  postMeAddresses: Operation<PostMeAddressesData, PostMeAddressesResponses, PostMeAddressesErrors>;
  putMeAddressesById: Operation<PutMeAddressesByIdData, PutMeAddressesByIdResponses, PutMeAddressesByIdErrors>;
  deleteMeAddressesById: Operation<DeleteMeAddressesByIdData, DeleteMeAddressesByIdResponses, DeleteMeAddressesByIdErrors>;
  patchMeAddressesByIdDefault: Operation<PatchMeAddressesByIdDefaultData, PatchMeAddressesByIdDefaultResponses, PatchMeAddressesByIdDefaultErrors>;
  getMePaymentTokens: Operation<GetMePaymentTokensData, GetMePaymentTokensResponses, GetMePaymentTokensErrors>;
  postMePaymentTokens: Operation<PostMePaymentTokensData, PostMePaymentTokensResponses, PostMePaymentTokensErrors>;
  postMePaymentTokensSetup: Operation<PostMePaymentTokensSetupData, PostMePaymentTokensSetupResponses, PostMePaymentTokensSetupErrors>;
  patchMePaymentTokensByIdDefault: Operation<PatchMePaymentTokensByIdDefaultData, PatchMePaymentTokensByIdDefaultResponses, PatchMePaymentTokensByIdDefaultErrors>;
  deleteMePaymentTokensById: Operation<DeleteMePaymentTokensByIdData, DeleteMePaymentTokensByIdResponses, DeleteMePaymentTokensByIdErrors>;
  getMeExport: Operation<GetMeExportData, GetMeExportResponses, GetMeExportErrors>;
  getMeCredit: Operation<GetMeCreditData, GetMeCreditResponses, GetMeCreditErrors>;
  getCatalogCategories: Operation<GetCatalogCategoriesData, GetCatalogCategoriesResponses, GetCatalogCategoriesErrors>;
  getCatalogCategoriesTree: Operation<GetCatalogCategoriesTreeData, GetCatalogCategoriesTreeResponses, GetCatalogCategoriesTreeErrors>;
  getCatalogCategoriesByIdProducts: Operation<GetCatalogCategoriesByIdProductsData, GetCatalogCategoriesByIdProductsResponses, GetCatalogCategoriesByIdProductsErrors>;
  getCatalogProducts: Operation<GetCatalogProductsData, GetCatalogProductsResponses, GetCatalogProductsErrors>;
  getCatalogProductsSearch: Operation<GetCatalogProductsSearchData, GetCatalogProductsSearchResponses, GetCatalogProductsSearchErrors>;
  getCatalogProductsFeatured: Operation<GetCatalogProductsFeaturedData, GetCatalogProductsFeaturedResponses, GetCatalogProductsFeaturedErrors>;
  getCatalogProductsAutocomplete: Operation<GetCatalogProductsAutocompleteData, GetCatalogProductsAutocompleteResponses, GetCatalogProductsAutocompleteErrors>;
  getCatalogProductsById: Operation<GetCatalogProductsByIdData, GetCatalogProductsByIdResponses, GetCatalogProductsByIdErrors>;
  getCatalogProductsByBarcodeByGtin: Operation<GetCatalogProductsByBarcodeByGtinData, GetCatalogProductsByBarcodeByGtinResponses, GetCatalogProductsByBarcodeByGtinErrors>;
  getCatalogProductsByIdReviews: Operation<GetCatalogProductsByIdReviewsData, GetCatalogProductsByIdReviewsResponses, GetCatalogProductsByIdReviewsErrors>;
  postCatalogProductsByIdReviews: Operation<PostCatalogProductsByIdReviewsData, PostCatalogProductsByIdReviewsResponses, PostCatalogProductsByIdReviewsErrors>;
  getBranches: Operation<GetBranchesData, GetBranchesResponses, GetBranchesErrors>;
  getBranchesDeliverySource: Operation<GetBranchesDeliverySourceData, GetBranchesDeliverySourceResponses, GetBranchesDeliverySourceErrors>;
  getDeliverySlots: Operation<GetDeliverySlotsData, GetDeliverySlotsResponses, GetDeliverySlotsErrors>;
  getStoreShippingInfo: Operation<GetStoreShippingInfoData, GetStoreShippingInfoResponses, GetStoreShippingInfoErrors>;
  getStorePaymentConfig: Operation<GetStorePaymentConfigData, GetStorePaymentConfigResponses, GetStorePaymentConfigErrors>;
  getStoreWishlist: Operation<GetStoreWishlistData, GetStoreWishlistResponses, GetStoreWishlistErrors>;
  postStoreWishlist: Operation<PostStoreWishlistData, PostStoreWishlistResponses, PostStoreWishlistErrors>;
  deleteStoreWishlistByProductId: Operation<DeleteStoreWishlistByProductIdData, DeleteStoreWishlistByProductIdResponses, DeleteStoreWishlistByProductIdErrors>;
  getStoreNotifications: Operation<GetStoreNotificationsData, GetStoreNotificationsResponses, GetStoreNotificationsErrors>;
  postStoreNotificationsRead: Operation<PostStoreNotificationsReadData, PostStoreNotificationsReadResponses, PostStoreNotificationsReadErrors>;
  getStoreLists: Operation<GetStoreListsData, GetStoreListsResponses, GetStoreListsErrors>;
  postStoreLists: Operation<PostStoreListsData, PostStoreListsResponses, PostStoreListsErrors>;
  getStoreListsById: Operation<GetStoreListsByIdData, GetStoreListsByIdResponses, GetStoreListsByIdErrors>;
  patchStoreListsById: Operation<PatchStoreListsByIdData, PatchStoreListsByIdResponses, PatchStoreListsByIdErrors>;
  deleteStoreListsById: Operation<DeleteStoreListsByIdData, DeleteStoreListsByIdResponses, DeleteStoreListsByIdErrors>;
  putStoreListsByIdItems: Operation<PutStoreListsByIdItemsData, PutStoreListsByIdItemsResponses, PutStoreListsByIdItemsErrors>;
  getStoreUsuals: Operation<GetStoreUsualsData, GetStoreUsualsResponses, GetStoreUsualsErrors>;
  getStoreDeliveryCheck: Operation<GetStoreDeliveryCheckData, GetStoreDeliveryCheckResponses, GetStoreDeliveryCheckErrors>;
  getCart: Operation<GetCartData, GetCartResponses, GetCartErrors>;
  deleteCart: Operation<DeleteCartData, DeleteCartResponses, DeleteCartErrors>;
  postCartItems: Operation<PostCartItemsData, PostCartItemsResponses, PostCartItemsErrors>;
  putCartItemsByItemId: Operation<PutCartItemsByItemIdData, PutCartItemsByItemIdResponses, PutCartItemsByItemIdErrors>;
  deleteCartItemsByItemId: Operation<DeleteCartItemsByItemIdData, DeleteCartItemsByItemIdResponses, DeleteCartItemsByItemIdErrors>;
  putCartCoupon: Operation<PutCartCouponData, PutCartCouponResponses, PutCartCouponErrors>;
  deleteCartCoupon: Operation<DeleteCartCouponData, DeleteCartCouponResponses, DeleteCartCouponErrors>;
  postCartFromOrderByOrderId: Operation<PostCartFromOrderByOrderIdData, PostCartFromOrderByOrderIdResponses, PostCartFromOrderByOrderIdErrors>;
  postCartFromListById: Operation<PostCartFromListByIdData, PostCartFromListByIdResponses, PostCartFromListByIdErrors>;
  postCheckoutPreview: Operation<PostCheckoutPreviewData, PostCheckoutPreviewResponses, PostCheckoutPreviewErrors>;
  postCheckoutConfirm: Operation<PostCheckoutConfirmData, PostCheckoutConfirmResponses, PostCheckoutConfirmErrors>;
  getOrders: Operation<GetOrdersData, GetOrdersResponses, GetOrdersErrors>;
  getOrdersById: Operation<GetOrdersByIdData, GetOrdersByIdResponses, GetOrdersByIdErrors>;
  postOrdersByIdCancel: Operation<PostOrdersByIdCancelData, PostOrdersByIdCancelResponses, PostOrdersByIdCancelErrors>;
  postOrdersByIdPayment: Operation<PostOrdersByIdPaymentData, PostOrdersByIdPaymentResponses, PostOrdersByIdPaymentErrors>;
  patchOrdersByIdItemsByItemIdSubstitution: Operation<PatchOrdersByIdItemsByItemIdSubstitutionData, PatchOrdersByIdItemsByItemIdSubstitutionResponses, PatchOrdersByIdItemsByItemIdSubstitutionErrors>;
  getOrdersByIdProposals: Operation<GetOrdersByIdProposalsData, GetOrdersByIdProposalsResponses, GetOrdersByIdProposalsErrors>;
  postOrdersByIdProposalsByPidApprove: Operation<PostOrdersByIdProposalsByPidApproveData, PostOrdersByIdProposalsByPidApproveResponses, PostOrdersByIdProposalsByPidApproveErrors>;
  postOrdersByIdProposalsByPidReject: Operation<PostOrdersByIdProposalsByPidRejectData, PostOrdersByIdProposalsByPidRejectResponses, PostOrdersByIdProposalsByPidRejectErrors>;
  postOrdersByIdAmendmentsPreview: Operation<PostOrdersByIdAmendmentsPreviewData, PostOrdersByIdAmendmentsPreviewResponses, PostOrdersByIdAmendmentsPreviewErrors>;
  postOrdersByIdAmendmentsByAidConfirm: Operation<PostOrdersByIdAmendmentsByAidConfirmData, PostOrdersByIdAmendmentsByAidConfirmResponses, PostOrdersByIdAmendmentsByAidConfirmErrors>;
  deleteOrdersByIdAmendmentsByAid: Operation<DeleteOrdersByIdAmendmentsByAidData, DeleteOrdersByIdAmendmentsByAidResponses, DeleteOrdersByIdAmendmentsByAidErrors>;
  getOrdersByIdReceipt: Operation<GetOrdersByIdReceiptData, GetOrdersByIdReceiptResponses, GetOrdersByIdReceiptErrors>;
  getOrdersByIdClaims: Operation<GetOrdersByIdClaimsData, GetOrdersByIdClaimsResponses, GetOrdersByIdClaimsErrors>;
  postOrdersByIdClaims: Operation<PostOrdersByIdClaimsData, PostOrdersByIdClaimsResponses, PostOrdersByIdClaimsErrors>;
  getOrdersByIdEvents: Operation<GetOrdersByIdEventsData, GetOrdersByIdEventsResponses, GetOrdersByIdEventsErrors>;
  postLiveTickets: Operation<PostLiveTicketsData, PostLiveTicketsResponses, PostLiveTicketsErrors>;
  getOrdersByIdLive: Operation<GetOrdersByIdLiveData, {}, GetOrdersByIdLiveErrors>;
  getPaymentsMockpayActionsByKey: Operation<GetPaymentsMockpayActionsByKeyData, GetPaymentsMockpayActionsByKeyResponses, GetPaymentsMockpayActionsByKeyErrors>;
  postWebhooksPaymentsByProvider: Operation<PostWebhooksPaymentsByProviderData, PostWebhooksPaymentsByProviderResponses, PostWebhooksPaymentsByProviderErrors>;
  getOpsLive: Operation<GetOpsLiveData, {}, GetOpsLiveErrors>;
  getOpsOrders: Operation<GetOpsOrdersData, GetOpsOrdersResponses, GetOpsOrdersErrors>;
  getOpsOrdersById: Operation<GetOpsOrdersByIdData, GetOpsOrdersByIdResponses, GetOpsOrdersByIdErrors>;
  patchOpsOrdersByIdStatus: Operation<PatchOpsOrdersByIdStatusData, PatchOpsOrdersByIdStatusResponses, PatchOpsOrdersByIdStatusErrors>;
  patchOpsOrdersByIdItemsByItemIdPickedStatus: Operation<PatchOpsOrdersByIdItemsByItemIdPickedStatusData, PatchOpsOrdersByIdItemsByItemIdPickedStatusResponses, PatchOpsOrdersByIdItemsByItemIdPickedStatusErrors>;
  postOpsPicks: Operation<PostOpsPicksData, PostOpsPicksResponses, PostOpsPicksErrors>;
  postOpsOrdersByIdItemsByItemIdReportDamage: Operation<PostOpsOrdersByIdItemsByItemIdReportDamageData, PostOpsOrdersByIdItemsByItemIdReportDamageResponses, PostOpsOrdersByIdItemsByItemIdReportDamageErrors>;
  postOpsBatches: Operation<PostOpsBatchesData, PostOpsBatchesResponses, PostOpsBatchesErrors>;
  getOpsBatches: Operation<GetOpsBatchesData, GetOpsBatchesResponses, GetOpsBatchesErrors>;
  getOpsBatchesById: Operation<GetOpsBatchesByIdData, GetOpsBatchesByIdResponses, GetOpsBatchesByIdErrors>;
  postOpsBatchesByIdComplete: Operation<PostOpsBatchesByIdCompleteData, PostOpsBatchesByIdCompleteResponses, PostOpsBatchesByIdCompleteErrors>;
  getOpsPerformance: Operation<GetOpsPerformanceData, GetOpsPerformanceResponses, GetOpsPerformanceErrors>;
  getOpsAlerts: Operation<GetOpsAlertsData, GetOpsAlertsResponses, GetOpsAlertsErrors>;
  getOpsOrdersByIdItemsByItemIdSuggestions: Operation<GetOpsOrdersByIdItemsByItemIdSuggestionsData, GetOpsOrdersByIdItemsByItemIdSuggestionsResponses, GetOpsOrdersByIdItemsByItemIdSuggestionsErrors>;
  postOpsOrdersByIdItemsByItemIdProposals: Operation<PostOpsOrdersByIdItemsByItemIdProposalsData, PostOpsOrdersByIdItemsByItemIdProposalsResponses, PostOpsOrdersByIdItemsByItemIdProposalsErrors>;
  postOpsOrdersByIdRefunds: Operation<PostOpsOrdersByIdRefundsData, PostOpsOrdersByIdRefundsResponses, PostOpsOrdersByIdRefundsErrors>;
  getOpsClaims: Operation<GetOpsClaimsData, GetOpsClaimsResponses, GetOpsClaimsErrors>;
  patchOpsClaimsById: Operation<PatchOpsClaimsByIdData, PatchOpsClaimsByIdResponses, PatchOpsClaimsByIdErrors>;
  getOpsInventory: Operation<GetOpsInventoryData, GetOpsInventoryResponses, GetOpsInventoryErrors>;
  patchOpsInventoryById: Operation<PatchOpsInventoryByIdData, PatchOpsInventoryByIdResponses, PatchOpsInventoryByIdErrors>;
  getOpsStockRequests: Operation<GetOpsStockRequestsData, GetOpsStockRequestsResponses, GetOpsStockRequestsErrors>;
  postOpsStockRequests: Operation<PostOpsStockRequestsData, PostOpsStockRequestsResponses, PostOpsStockRequestsErrors>;
  postStockRequests: Operation<PostStockRequestsData, PostStockRequestsResponses, PostStockRequestsErrors>;
  getStockRequestsMy: Operation<GetStockRequestsMyData, GetStockRequestsMyResponses, GetStockRequestsMyErrors>;
  getStockRequestsAdmin: Operation<GetStockRequestsAdminData, GetStockRequestsAdminResponses, GetStockRequestsAdminErrors>;
  patchStockRequestsAdminBulkReview: Operation<PatchStockRequestsAdminBulkReviewData, PatchStockRequestsAdminBulkReviewResponses, PatchStockRequestsAdminBulkReviewErrors>;
  getStockRequestsAdminById: Operation<GetStockRequestsAdminByIdData, GetStockRequestsAdminByIdResponses, GetStockRequestsAdminByIdErrors>;
  patchStockRequestsAdminByIdResolve: Operation<PatchStockRequestsAdminByIdResolveData, PatchStockRequestsAdminByIdResolveResponses, PatchStockRequestsAdminByIdResolveErrors>;
  postAdminCategories: Operation<PostAdminCategoriesData, PostAdminCategoriesResponses, PostAdminCategoriesErrors>;
  patchAdminCategoriesById: Operation<PatchAdminCategoriesByIdData, PatchAdminCategoriesByIdResponses, PatchAdminCategoriesByIdErrors>;
  patchAdminCategoriesByIdToggle: Operation<PatchAdminCategoriesByIdToggleData, PatchAdminCategoriesByIdToggleResponses, PatchAdminCategoriesByIdToggleErrors>;
  getAdminProducts: Operation<GetAdminProductsData, GetAdminProductsResponses, GetAdminProductsErrors>;
  postAdminProducts: Operation<PostAdminProductsData, PostAdminProductsResponses, PostAdminProductsErrors>;
  postAdminProductsBulk: Operation<PostAdminProductsBulkData, PostAdminProductsBulkResponses, PostAdminProductsBulkErrors>;
  patchAdminProductsById: Operation<PatchAdminProductsByIdData, PatchAdminProductsByIdResponses, PatchAdminProductsByIdErrors>;
  patchAdminProductsByIdToggle: Operation<PatchAdminProductsByIdToggleData, PatchAdminProductsByIdToggleResponses, PatchAdminProductsByIdToggleErrors>;
  getAdminPrices: Operation<GetAdminPricesData, GetAdminPricesResponses, GetAdminPricesErrors>;
  postAdminPrices: Operation<PostAdminPricesData, PostAdminPricesResponses, PostAdminPricesErrors>;
  patchAdminPricesById: Operation<PatchAdminPricesByIdData, PatchAdminPricesByIdResponses, PatchAdminPricesByIdErrors>;
  deleteAdminPricesById: Operation<DeleteAdminPricesByIdData, DeleteAdminPricesByIdResponses, DeleteAdminPricesByIdErrors>;
  getAdminSearchSynonyms: Operation<GetAdminSearchSynonymsData, GetAdminSearchSynonymsResponses, GetAdminSearchSynonymsErrors>;
  postAdminSearchSynonyms: Operation<PostAdminSearchSynonymsData, PostAdminSearchSynonymsResponses, PostAdminSearchSynonymsErrors>;
  deleteAdminSearchSynonymsById: Operation<DeleteAdminSearchSynonymsByIdData, DeleteAdminSearchSynonymsByIdResponses, DeleteAdminSearchSynonymsByIdErrors>;
  getAdminInventory: Operation<GetAdminInventoryData, GetAdminInventoryResponses, GetAdminInventoryErrors>;
  postAdminInventory: Operation<PostAdminInventoryData, PostAdminInventoryResponses, PostAdminInventoryErrors>;
  postAdminInventoryBulk: Operation<PostAdminInventoryBulkData, PostAdminInventoryBulkResponses, PostAdminInventoryBulkErrors>;
  patchAdminInventoryById: Operation<PatchAdminInventoryByIdData, PatchAdminInventoryByIdResponses, PatchAdminInventoryByIdErrors>;
  getAdminInventoryByIdMovements: Operation<GetAdminInventoryByIdMovementsData, GetAdminInventoryByIdMovementsResponses, GetAdminInventoryByIdMovementsErrors>;
  getAdminDeliverySlots: Operation<GetAdminDeliverySlotsData, GetAdminDeliverySlotsResponses, GetAdminDeliverySlotsErrors>;
  postAdminDeliverySlots: Operation<PostAdminDeliverySlotsData, PostAdminDeliverySlotsResponses, PostAdminDeliverySlotsErrors>;
  patchAdminDeliverySlotsById: Operation<PatchAdminDeliverySlotsByIdData, PatchAdminDeliverySlotsByIdResponses, PatchAdminDeliverySlotsByIdErrors>;
  patchAdminDeliverySlotsByIdToggle: Operation<PatchAdminDeliverySlotsByIdToggleData, PatchAdminDeliverySlotsByIdToggleResponses, PatchAdminDeliverySlotsByIdToggleErrors>;
  getAdminBranches: Operation<GetAdminBranchesData, GetAdminBranchesResponses, GetAdminBranchesErrors>;
  postAdminBranches: Operation<PostAdminBranchesData, PostAdminBranchesResponses, PostAdminBranchesErrors>;
  patchAdminBranchesById: Operation<PatchAdminBranchesByIdData, PatchAdminBranchesByIdResponses, PatchAdminBranchesByIdErrors>;
  patchAdminBranchesByIdToggle: Operation<PatchAdminBranchesByIdToggleData, PatchAdminBranchesByIdToggleResponses, PatchAdminBranchesByIdToggleErrors>;
  getAdminSlotExceptions: Operation<GetAdminSlotExceptionsData, GetAdminSlotExceptionsResponses, GetAdminSlotExceptionsErrors>;
  postAdminSlotExceptions: Operation<PostAdminSlotExceptionsData, PostAdminSlotExceptionsResponses, PostAdminSlotExceptionsErrors>;
  postAdminSlotExceptionsImport: Operation<PostAdminSlotExceptionsImportData, PostAdminSlotExceptionsImportResponses, PostAdminSlotExceptionsImportErrors>;
  deleteAdminSlotExceptionsById: Operation<DeleteAdminSlotExceptionsByIdData, DeleteAdminSlotExceptionsByIdResponses, DeleteAdminSlotExceptionsByIdErrors>;
  getAdminDeliveryZones: Operation<GetAdminDeliveryZonesData, GetAdminDeliveryZonesResponses, GetAdminDeliveryZonesErrors>;
  postAdminDeliveryZones: Operation<PostAdminDeliveryZonesData, PostAdminDeliveryZonesResponses, PostAdminDeliveryZonesErrors>;
  patchAdminDeliveryZonesById: Operation<PatchAdminDeliveryZonesByIdData, PatchAdminDeliveryZonesByIdResponses, PatchAdminDeliveryZonesByIdErrors>;
  deleteAdminDeliveryZonesById: Operation<DeleteAdminDeliveryZonesByIdData, DeleteAdminDeliveryZonesByIdResponses, DeleteAdminDeliveryZonesByIdErrors>;
  getAdminUsers: Operation<GetAdminUsersData, GetAdminUsersResponses, GetAdminUsersErrors>;
  postAdminUsers: Operation<PostAdminUsersData, PostAdminUsersResponses, PostAdminUsersErrors>;
  getAdminUsersById: Operation<GetAdminUsersByIdData, GetAdminUsersByIdResponses, GetAdminUsersByIdErrors>;
  patchAdminUsersById: Operation<PatchAdminUsersByIdData, PatchAdminUsersByIdResponses, PatchAdminUsersByIdErrors>;
  patchAdminUsersByIdToggle: Operation<PatchAdminUsersByIdToggleData, PatchAdminUsersByIdToggleResponses, PatchAdminUsersByIdToggleErrors>;
  postAdminUsersByIdCredit: Operation<PostAdminUsersByIdCreditData, PostAdminUsersByIdCreditResponses, PostAdminUsersByIdCreditErrors>;
  getAdminRefunds: Operation<GetAdminRefundsData, GetAdminRefundsResponses, GetAdminRefundsErrors>;
  patchAdminRefundsById: Operation<PatchAdminRefundsByIdData, PatchAdminRefundsByIdResponses, PatchAdminRefundsByIdErrors>;
  getAdminApiKeys: Operation<GetAdminApiKeysData, GetAdminApiKeysResponses, GetAdminApiKeysErrors>;
  postAdminApiKeys: Operation<PostAdminApiKeysData, PostAdminApiKeysResponses, PostAdminApiKeysErrors>;
  deleteAdminApiKeysById: Operation<DeleteAdminApiKeysByIdData, DeleteAdminApiKeysByIdResponses, DeleteAdminApiKeysByIdErrors>;
  getAdminPromotions: Operation<GetAdminPromotionsData, GetAdminPromotionsResponses, GetAdminPromotionsErrors>;
  postAdminPromotions: Operation<PostAdminPromotionsData, PostAdminPromotionsResponses, PostAdminPromotionsErrors>;
  patchAdminPromotionsById: Operation<PatchAdminPromotionsByIdData, PatchAdminPromotionsByIdResponses, PatchAdminPromotionsByIdErrors>;
  patchAdminPromotionsByIdToggle: Operation<PatchAdminPromotionsByIdToggleData, PatchAdminPromotionsByIdToggleResponses, PatchAdminPromotionsByIdToggleErrors>;
  getAdminWebhooks: Operation<GetAdminWebhooksData, GetAdminWebhooksResponses, GetAdminWebhooksErrors>;
  postAdminWebhooks: Operation<PostAdminWebhooksData, PostAdminWebhooksResponses, PostAdminWebhooksErrors>;
  patchAdminWebhooksById: Operation<PatchAdminWebhooksByIdData, PatchAdminWebhooksByIdResponses, PatchAdminWebhooksByIdErrors>;
  deleteAdminWebhooksById: Operation<DeleteAdminWebhooksByIdData, DeleteAdminWebhooksByIdResponses, DeleteAdminWebhooksByIdErrors>;
  postAdminWebhooksByIdRotate: Operation<PostAdminWebhooksByIdRotateData, PostAdminWebhooksByIdRotateResponses, PostAdminWebhooksByIdRotateErrors>;
  getAdminWebhooksByIdDeliveries: Operation<GetAdminWebhooksByIdDeliveriesData, GetAdminWebhooksByIdDeliveriesResponses, GetAdminWebhooksByIdDeliveriesErrors>;
  postAdminWebhooksByIdDeliveriesByDeliveryIdReplay: Operation<PostAdminWebhooksByIdDeliveriesByDeliveryIdReplayData, PostAdminWebhooksByIdDeliveriesByDeliveryIdReplayResponses, PostAdminWebhooksByIdDeliveriesByDeliveryIdReplayErrors>;
  getAdminSettings: Operation<GetAdminSettingsData, GetAdminSettingsResponses, GetAdminSettingsErrors>;
  putAdminSettings: Operation<PutAdminSettingsData, PutAdminSettingsResponses, PutAdminSettingsErrors>;
  getAdminTaxRates: Operation<GetAdminTaxRatesData, GetAdminTaxRatesResponses, GetAdminTaxRatesErrors>;
  postAdminTaxRates: Operation<PostAdminTaxRatesData, PostAdminTaxRatesResponses, PostAdminTaxRatesErrors>;
  getAdminAnalyticsRevenue: Operation<GetAdminAnalyticsRevenueData, GetAdminAnalyticsRevenueResponses, GetAdminAnalyticsRevenueErrors>;
  getAdminAnalyticsTopProducts: Operation<GetAdminAnalyticsTopProductsData, GetAdminAnalyticsTopProductsResponses, GetAdminAnalyticsTopProductsErrors>;
  getAdminAnalyticsOrders: Operation<GetAdminAnalyticsOrdersData, GetAdminAnalyticsOrdersResponses, GetAdminAnalyticsOrdersErrors>;
  getAdminAnalyticsInventory: Operation<GetAdminAnalyticsInventoryData, GetAdminAnalyticsInventoryResponses, GetAdminAnalyticsInventoryErrors>;
  getAdminAudit: Operation<GetAdminAuditData, GetAdminAuditResponses, GetAdminAuditErrors>;
  getAdminProductsExport: Operation<GetAdminProductsExportData, GetAdminProductsExportResponses, GetAdminProductsExportErrors>;
  getAdminInventoryExport: Operation<GetAdminInventoryExportData, GetAdminInventoryExportResponses, GetAdminInventoryExportErrors>;
  getAdminOrdersExport: Operation<GetAdminOrdersExportData, GetAdminOrdersExportResponses, GetAdminOrdersExportErrors>;
  getAdminAuditExport: Operation<GetAdminAuditExportData, GetAdminAuditExportResponses, GetAdminAuditExportErrors>;
  getHealth: Operation<GetHealthData, GetHealthResponses, {}>;
  getHealthReady: Operation<GetHealthReadyData, GetHealthReadyResponses, GetHealthReadyErrors>;
  getHealthJobs: Operation<GetHealthJobsData, GetHealthJobsResponses, GetHealthJobsErrors>;
}

export interface paths {
  '/api/v1/auth/register': {
    post: Operations['postAuthRegister'];
  };
  '/api/v1/auth/login': {
    post: Operations['postAuthLogin'];
  };
  '/api/v1/auth/login/totp': {
    post: Operations['postAuthLoginTotp'];
  };
  '/api/v1/auth/totp/setup': {
    post: Operations['postAuthTotpSetup'];
  };
  '/api/v1/auth/totp/verify': {
    post: Operations['postAuthTotpVerify'];
  };
  '/api/v1/auth/totp': {
    delete: Operations['deleteAuthTotp'];
  };
  '/api/v1/auth/me': {
    get: Operations['getAuthMe'];
  };
  '/api/v1/auth/refresh': {
    post: Operations['postAuthRefresh'];
  };
  '/api/v1/auth/logout': {
    post: Operations['postAuthLogout'];
  };
  '/api/v1/auth/logout-all': {
    post: Operations['postAuthLogoutAll'];
  };
  '/api/v1/auth/change-password': {
    post: Operations['postAuthChangePassword'];
  };
  '/api/v1/auth/forgot-password': {
    post: Operations['postAuthForgotPassword'];
  };
  '/api/v1/auth/reset-password': {
    post: Operations['postAuthResetPassword'];
  };
  '/api/v1/auth/register/send-otp': {
    post: Operations['postAuthRegisterSendOtp'];
  };
  '/api/v1/auth/register/verify-otp': {
    post: Operations['postAuthRegisterVerifyOtp'];
  };
  '/api/v1/auth/sessions': {
    get: Operations['getAuthSessions'];
  };
  '/api/v1/auth/sessions/{id}': {
    delete: Operations['deleteAuthSessionsById'];
  };
  '/api/v1/me': {
    get: Operations['getMe'];
    patch: Operations['patchMe'];
    delete: Operations['deleteMe'];
  };
  '/api/v1/me/phone': {
    patch: Operations['patchMePhone'];
  };
  '/api/v1/me/addresses': {
    get: Operations['getMeAddresses'];
    post: Operations['postMeAddresses'];
  };
  '/api/v1/me/addresses/{id}': {
    put: Operations['putMeAddressesById'];
    delete: Operations['deleteMeAddressesById'];
  };
  '/api/v1/me/addresses/{id}/default': {
    patch: Operations['patchMeAddressesByIdDefault'];
  };
  '/api/v1/me/payment-tokens': {
    get: Operations['getMePaymentTokens'];
    post: Operations['postMePaymentTokens'];
  };
  '/api/v1/me/payment-tokens/setup': {
    post: Operations['postMePaymentTokensSetup'];
  };
  '/api/v1/me/payment-tokens/{id}/default': {
    patch: Operations['patchMePaymentTokensByIdDefault'];
  };
  '/api/v1/me/payment-tokens/{id}': {
    delete: Operations['deleteMePaymentTokensById'];
  };
  '/api/v1/me/export': {
    get: Operations['getMeExport'];
  };
  '/api/v1/me/credit': {
    get: Operations['getMeCredit'];
  };
  '/api/v1/catalog/categories': {
    get: Operations['getCatalogCategories'];
  };
  '/api/v1/catalog/categories/tree': {
    get: Operations['getCatalogCategoriesTree'];
  };
  '/api/v1/catalog/categories/{id}/products': {
    get: Operations['getCatalogCategoriesByIdProducts'];
  };
  '/api/v1/catalog/products': {
    get: Operations['getCatalogProducts'];
  };
  '/api/v1/catalog/products/search': {
    get: Operations['getCatalogProductsSearch'];
  };
  '/api/v1/catalog/products/featured': {
    get: Operations['getCatalogProductsFeatured'];
  };
  '/api/v1/catalog/products/autocomplete': {
    get: Operations['getCatalogProductsAutocomplete'];
  };
  '/api/v1/catalog/products/{id}': {
    get: Operations['getCatalogProductsById'];
  };
  '/api/v1/catalog/products/by-barcode/{gtin}': {
    get: Operations['getCatalogProductsByBarcodeByGtin'];
  };
  '/api/v1/catalog/products/{id}/reviews': {
    get: Operations['getCatalogProductsByIdReviews'];
    post: Operations['postCatalogProductsByIdReviews'];
  };
  '/api/v1/branches': {
    get: Operations['getBranches'];
  };
  '/api/v1/branches/delivery-source': {
    get: Operations['getBranchesDeliverySource'];
  };
  '/api/v1/delivery-slots': {
    get: Operations['getDeliverySlots'];
  };
  '/api/v1/store/shipping-info': {
    get: Operations['getStoreShippingInfo'];
  };
  '/api/v1/store/payment-config': {
    get: Operations['getStorePaymentConfig'];
  };
  '/api/v1/store/wishlist': {
    get: Operations['getStoreWishlist'];
    post: Operations['postStoreWishlist'];
  };
  '/api/v1/store/wishlist/{product_id}': {
    delete: Operations['deleteStoreWishlistByProductId'];
  };
  '/api/v1/store/notifications': {
    get: Operations['getStoreNotifications'];
  };
  '/api/v1/store/notifications/read': {
    post: Operations['postStoreNotificationsRead'];
  };
  '/api/v1/store/lists': {
    get: Operations['getStoreLists'];
    post: Operations['postStoreLists'];
  };
  '/api/v1/store/lists/{id}': {
    get: Operations['getStoreListsById'];
    patch: Operations['patchStoreListsById'];
    delete: Operations['deleteStoreListsById'];
  };
  '/api/v1/store/lists/{id}/items': {
    put: Operations['putStoreListsByIdItems'];
  };
  '/api/v1/store/usuals': {
    get: Operations['getStoreUsuals'];
  };
  '/api/v1/store/delivery-check': {
    get: Operations['getStoreDeliveryCheck'];
  };
  '/api/v1/cart': {
    get: Operations['getCart'];
    delete: Operations['deleteCart'];
  };
  '/api/v1/cart/items': {
    post: Operations['postCartItems'];
  };
  '/api/v1/cart/items/{item_id}': {
    put: Operations['putCartItemsByItemId'];
    delete: Operations['deleteCartItemsByItemId'];
  };
  '/api/v1/cart/coupon': {
    put: Operations['putCartCoupon'];
    delete: Operations['deleteCartCoupon'];
  };
  '/api/v1/cart/from-order/{order_id}': {
    post: Operations['postCartFromOrderByOrderId'];
  };
  '/api/v1/cart/from-list/{id}': {
    post: Operations['postCartFromListById'];
  };
  '/api/v1/checkout/preview': {
    post: Operations['postCheckoutPreview'];
  };
  '/api/v1/checkout/confirm': {
    post: Operations['postCheckoutConfirm'];
  };
  '/api/v1/orders': {
    get: Operations['getOrders'];
  };
  '/api/v1/orders/{id}': {
    get: Operations['getOrdersById'];
  };
  '/api/v1/orders/{id}/cancel': {
    post: Operations['postOrdersByIdCancel'];
  };
  '/api/v1/orders/{id}/payment': {
    post: Operations['postOrdersByIdPayment'];
  };
  '/api/v1/orders/{id}/items/{item_id}/substitution': {
    patch: Operations['patchOrdersByIdItemsByItemIdSubstitution'];
  };
  '/api/v1/orders/{id}/proposals': {
    get: Operations['getOrdersByIdProposals'];
  };
  '/api/v1/orders/{id}/proposals/{pid}/approve': {
    post: Operations['postOrdersByIdProposalsByPidApprove'];
  };
  '/api/v1/orders/{id}/proposals/{pid}/reject': {
    post: Operations['postOrdersByIdProposalsByPidReject'];
  };
  '/api/v1/orders/{id}/amendments/preview': {
    post: Operations['postOrdersByIdAmendmentsPreview'];
  };
  '/api/v1/orders/{id}/amendments/{aid}/confirm': {
    post: Operations['postOrdersByIdAmendmentsByAidConfirm'];
  };
  '/api/v1/orders/{id}/amendments/{aid}': {
    delete: Operations['deleteOrdersByIdAmendmentsByAid'];
  };
  '/api/v1/orders/{id}/receipt': {
    get: Operations['getOrdersByIdReceipt'];
  };
  '/api/v1/orders/{id}/claims': {
    get: Operations['getOrdersByIdClaims'];
    post: Operations['postOrdersByIdClaims'];
  };
  '/api/v1/orders/{id}/events': {
    get: Operations['getOrdersByIdEvents'];
  };
  '/api/v1/live/tickets': {
    post: Operations['postLiveTickets'];
  };
  '/api/v1/orders/{id}/live': {
    get: Operations['getOrdersByIdLive'];
  };
  '/api/v1/payments/mockpay/actions/{key}': {
    get: Operations['getPaymentsMockpayActionsByKey'];
  };
  '/api/v1/webhooks/payments/{provider}': {
    post: Operations['postWebhooksPaymentsByProvider'];
  };
  '/api/v1/ops/live': {
    get: Operations['getOpsLive'];
  };
  '/api/v1/ops/orders': {
    get: Operations['getOpsOrders'];
  };
  '/api/v1/ops/orders/{id}': {
    get: Operations['getOpsOrdersById'];
  };
  '/api/v1/ops/orders/{id}/status': {
    patch: Operations['patchOpsOrdersByIdStatus'];
  };
  '/api/v1/ops/orders/{id}/items/{item_id}/picked-status': {
    patch: Operations['patchOpsOrdersByIdItemsByItemIdPickedStatus'];
  };
  '/api/v1/ops/picks': {
    post: Operations['postOpsPicks'];
  };
  '/api/v1/ops/orders/{id}/items/{item_id}/report-damage': {
    post: Operations['postOpsOrdersByIdItemsByItemIdReportDamage'];
  };
  '/api/v1/ops/batches': {
    post: Operations['postOpsBatches'];
    get: Operations['getOpsBatches'];
  };
  '/api/v1/ops/batches/{id}': {
    get: Operations['getOpsBatchesById'];
  };
  '/api/v1/ops/batches/{id}/complete': {
    post: Operations['postOpsBatchesByIdComplete'];
  };
  '/api/v1/ops/performance': {
    get: Operations['getOpsPerformance'];
  };
  '/api/v1/ops/alerts': {
    get: Operations['getOpsAlerts'];
  };
  '/api/v1/ops/orders/{id}/items/{item_id}/suggestions': {
    get: Operations['getOpsOrdersByIdItemsByItemIdSuggestions'];
  };
  '/api/v1/ops/orders/{id}/items/{item_id}/proposals': {
    post: Operations['postOpsOrdersByIdItemsByItemIdProposals'];
  };
  '/api/v1/ops/orders/{id}/refunds': {
    post: Operations['postOpsOrdersByIdRefunds'];
  };
  '/api/v1/ops/claims': {
    get: Operations['getOpsClaims'];
  };
  '/api/v1/ops/claims/{id}': {
    patch: Operations['patchOpsClaimsById'];
  };
  '/api/v1/ops/inventory': {
    get: Operations['getOpsInventory'];
  };
  '/api/v1/ops/inventory/{id}': {
    patch: Operations['patchOpsInventoryById'];
  };
  '/api/v1/ops/stock-requests': {
    get: Operations['getOpsStockRequests'];
    post: Operations['postOpsStockRequests'];
  };
  '/api/v1/stock-requests': {
    post: Operations['postStockRequests'];
  };
  '/api/v1/stock-requests/my': {
    get: Operations['getStockRequestsMy'];
  };
  '/api/v1/stock-requests/admin': {
    get: Operations['getStockRequestsAdmin'];
  };
  '/api/v1/stock-requests/admin/bulk-review': {
    patch: Operations['patchStockRequestsAdminBulkReview'];
  };
  '/api/v1/stock-requests/admin/{id}': {
    get: Operations['getStockRequestsAdminById'];
  };
  '/api/v1/stock-requests/admin/{id}/resolve': {
    patch: Operations['patchStockRequestsAdminByIdResolve'];
  };
  '/api/v1/admin/categories': {
    post: Operations['postAdminCategories'];
  };
  '/api/v1/admin/categories/{id}': {
    patch: Operations['patchAdminCategoriesById'];
  };
  '/api/v1/admin/categories/{id}/toggle': {
    patch: Operations['patchAdminCategoriesByIdToggle'];
  };
  '/api/v1/admin/products': {
    get: Operations['getAdminProducts'];
    post: Operations['postAdminProducts'];
  };
  '/api/v1/admin/products/bulk': {
    post: Operations['postAdminProductsBulk'];
  };
  '/api/v1/admin/products/{id}': {
    patch: Operations['patchAdminProductsById'];
  };
  '/api/v1/admin/products/{id}/toggle': {
    patch: Operations['patchAdminProductsByIdToggle'];
  };
  '/api/v1/admin/prices': {
    get: Operations['getAdminPrices'];
    post: Operations['postAdminPrices'];
  };
  '/api/v1/admin/prices/{id}': {
    patch: Operations['patchAdminPricesById'];
    delete: Operations['deleteAdminPricesById'];
  };
  '/api/v1/admin/search-synonyms': {
    get: Operations['getAdminSearchSynonyms'];
    post: Operations['postAdminSearchSynonyms'];
  };
  '/api/v1/admin/search-synonyms/{id}': {
    delete: Operations['deleteAdminSearchSynonymsById'];
  };
  '/api/v1/admin/inventory': {
    get: Operations['getAdminInventory'];
    post: Operations['postAdminInventory'];
  };
  '/api/v1/admin/inventory/bulk': {
    post: Operations['postAdminInventoryBulk'];
  };
  '/api/v1/admin/inventory/{id}': {
    patch: Operations['patchAdminInventoryById'];
  };
  '/api/v1/admin/inventory/{id}/movements': {
    get: Operations['getAdminInventoryByIdMovements'];
  };
  '/api/v1/admin/delivery-slots': {
    get: Operations['getAdminDeliverySlots'];
    post: Operations['postAdminDeliverySlots'];
  };
  '/api/v1/admin/delivery-slots/{id}': {
    patch: Operations['patchAdminDeliverySlotsById'];
  };
  '/api/v1/admin/delivery-slots/{id}/toggle': {
    patch: Operations['patchAdminDeliverySlotsByIdToggle'];
  };
  '/api/v1/admin/branches': {
    get: Operations['getAdminBranches'];
    post: Operations['postAdminBranches'];
  };
  '/api/v1/admin/branches/{id}': {
    patch: Operations['patchAdminBranchesById'];
  };
  '/api/v1/admin/branches/{id}/toggle': {
    patch: Operations['patchAdminBranchesByIdToggle'];
  };
  '/api/v1/admin/slot-exceptions': {
    get: Operations['getAdminSlotExceptions'];
    post: Operations['postAdminSlotExceptions'];
  };
  '/api/v1/admin/slot-exceptions/import': {
    post: Operations['postAdminSlotExceptionsImport'];
  };
  '/api/v1/admin/slot-exceptions/{id}': {
    delete: Operations['deleteAdminSlotExceptionsById'];
  };
  '/api/v1/admin/delivery-zones': {
    get: Operations['getAdminDeliveryZones'];
    post: Operations['postAdminDeliveryZones'];
  };
  '/api/v1/admin/delivery-zones/{id}': {
    patch: Operations['patchAdminDeliveryZonesById'];
    delete: Operations['deleteAdminDeliveryZonesById'];
  };
  '/api/v1/admin/users': {
    get: Operations['getAdminUsers'];
    post: Operations['postAdminUsers'];
  };
  '/api/v1/admin/users/{id}': {
    get: Operations['getAdminUsersById'];
    patch: Operations['patchAdminUsersById'];
  };
  '/api/v1/admin/users/{id}/toggle': {
    patch: Operations['patchAdminUsersByIdToggle'];
  };
  '/api/v1/admin/users/{id}/credit': {
    post: Operations['postAdminUsersByIdCredit'];
  };
  '/api/v1/admin/refunds': {
    get: Operations['getAdminRefunds'];
  };
  '/api/v1/admin/refunds/{id}': {
    patch: Operations['patchAdminRefundsById'];
  };
  '/api/v1/admin/api-keys': {
    get: Operations['getAdminApiKeys'];
    post: Operations['postAdminApiKeys'];
  };
  '/api/v1/admin/api-keys/{id}': {
    delete: Operations['deleteAdminApiKeysById'];
  };
  '/api/v1/admin/promotions': {
    get: Operations['getAdminPromotions'];
    post: Operations['postAdminPromotions'];
  };
  '/api/v1/admin/promotions/{id}': {
    patch: Operations['patchAdminPromotionsById'];
  };
  '/api/v1/admin/promotions/{id}/toggle': {
    patch: Operations['patchAdminPromotionsByIdToggle'];
  };
  '/api/v1/admin/webhooks': {
    get: Operations['getAdminWebhooks'];
    post: Operations['postAdminWebhooks'];
  };
  '/api/v1/admin/webhooks/{id}': {
    patch: Operations['patchAdminWebhooksById'];
    delete: Operations['deleteAdminWebhooksById'];
  };
  '/api/v1/admin/webhooks/{id}/rotate': {
    post: Operations['postAdminWebhooksByIdRotate'];
  };
  '/api/v1/admin/webhooks/{id}/deliveries': {
    get: Operations['getAdminWebhooksByIdDeliveries'];
  };
  '/api/v1/admin/webhooks/{id}/deliveries/{delivery_id}/replay': {
    post: Operations['postAdminWebhooksByIdDeliveriesByDeliveryIdReplay'];
  };
  '/api/v1/admin/settings': {
    get: Operations['getAdminSettings'];
    put: Operations['putAdminSettings'];
  };
  '/api/v1/admin/tax-rates': {
    get: Operations['getAdminTaxRates'];
    post: Operations['postAdminTaxRates'];
  };
  '/api/v1/admin/analytics/revenue': {
    get: Operations['getAdminAnalyticsRevenue'];
  };
  '/api/v1/admin/analytics/top-products': {
    get: Operations['getAdminAnalyticsTopProducts'];
  };
  '/api/v1/admin/analytics/orders': {
    get: Operations['getAdminAnalyticsOrders'];
  };
  '/api/v1/admin/analytics/inventory': {
    get: Operations['getAdminAnalyticsInventory'];
  };
  '/api/v1/admin/audit': {
    get: Operations['getAdminAudit'];
  };
  '/api/v1/admin/products/export': {
    get: Operations['getAdminProductsExport'];
  };
  '/api/v1/admin/inventory/export': {
    get: Operations['getAdminInventoryExport'];
  };
  '/api/v1/admin/orders/export': {
    get: Operations['getAdminOrdersExport'];
  };
  '/api/v1/admin/audit/export': {
    get: Operations['getAdminAuditExport'];
  };
  '/health': {
    get: Operations['getHealth'];
  };
  '/health/ready': {
    get: Operations['getHealthReady'];
  };
  '/health/jobs': {
    get: Operations['getHealthJobs'];
  };
}

export interface components {
  schemas: {
    ActionRequired: ActionRequired;
    ActionSettled: ActionSettled;
    AddItemBody: AddItemBody;
    Address: Address;
    AddressChange: AddressChange;
    AdminBranch: AdminBranch;
    AdminCategory: AdminCategory;
    AdminDeliverySlot: AdminDeliverySlot;
    AdminProduct: AdminProduct;
    AdminUser: AdminUser;
    Alert: Alert;
    Allergen: Allergen;
    AmendedOrder: AmendedOrder;
    Amendment: Amendment;
    AmendmentConfirmBody: AmendmentConfirmBody;
    AmendmentPreview: AmendmentPreview;
    AmendmentPreviewBody: AmendmentPreviewBody;
    ApiKey: ApiKey;
    AppliedDiscount: AppliedDiscount;
    AuditEntry: AuditEntry;
    Batch: Batch;
    BatchStatus: BatchStatus;
    Branch: Branch;
    BranchChange: BranchChange;
    CalendarError: CalendarError;
    CalendarImport: CalendarImport;
    CanceledOrder: CanceledOrder;
    Cart: Cart;
    CartCoupon: CartCoupon;
    CartLine: CartLine;
    Category: Category;
    CategoryChange: CategoryChange;
    CategoryNode: CategoryNode;
    ChangePasswordBody: ChangePasswordBody;
    CheckoutPreview: CheckoutPreview;
    Claim: Claim;
    ClaimDecision: ClaimDecision;
    ClaimDecisions: ClaimDecisions;
    ClaimItem: ClaimItem;
    ClaimProblem: ClaimProblem;
    ClaimStatus: ClaimStatus;
    ConfirmBody: ConfirmBody;
    CouponBody: CouponBody;
    Credit: Credit;
    CreditEntry: CreditEntry;
    CreditNote: CreditNote;
    Deletion: Deletion;
    DeletionBody: DeletionBody;
    DeliveryCheck: DeliveryCheck;
    DeliverySlot: DeliverySlot;
    DeliverySlotChange: DeliverySlotChange;
    DeliverySource: DeliverySource;
    DeliveryStatus: DeliveryStatus;
    DeliveryZone: DeliveryZone;
    DeliveryZoneChange: DeliveryZoneChange;
    DeliveryZoneDeleted: DeliveryZoneDeleted;
    DietaryLabel: DietaryLabel;
    EmailBody: EmailBody;
    EventData: EventData;
    Facets: Facets;
    FloorOrder: FloorOrder;
    ForgotPasswordAnswer: ForgotPasswordAnswer;
    FulfillmentType: FulfillmentType;
    GrantedCredit: GrantedCredit;
    InventoryChange: InventoryChange;
    InventoryCount: InventoryCount;
    InventoryFigures: InventoryFigures;
    InventoryImport: InventoryImport;
    InventoryRow: InventoryRow;
    Language: Language;
    ListItems: ListItems;
    ListName: ListName;
    ListedProduct: ListedProduct;
    ListingMeta: ListingMeta;
    LiveMessage: LiveMessage;
    LiveSnapshot: LiveSnapshot;
    LiveTicket: LiveTicket;
    LiveTicketBody: LiveTicketBody;
    LoginBody: LoginBody;
    Message: Message;
    MissingItem: MissingItem;
    NetContent: NetContent;
    NetContentInput: NetContentInput;
    NewAddress: NewAddress;
    NewApiKey: NewApiKey;
    NewApiKeyBody: NewApiKeyBody;
    NewBranch: NewBranch;
    NewCategory: NewCategory;
    NewClaim: NewClaim;
    NewClaimItem: NewClaimItem;
    NewCredit: NewCredit;
    NewDeliverySlot: NewDeliverySlot;
    NewDeliveryZone: NewDeliveryZone;
    NewInventory: NewInventory;
    NewPaymentSetup: NewPaymentSetup;
    NewPaymentToken: NewPaymentToken;
    NewProduct: NewProduct;
    NewPromotion: NewPromotion;
    NewRefund: NewRefund;
    NewScheduledPrice: NewScheduledPrice;
    NewSearchSynonyms: NewSearchSynonyms;
    NewSlotException: NewSlotException;
    NewStaff: NewStaff;
    NewStockRequest: NewStockRequest;
    NewTaxRate: NewTaxRate;
    NewWebhook: NewWebhook;
    Notification: Notification;
    Notifications: Notifications;
    Order: Order;
    OrderConfirmation: OrderConfirmation;
    OrderFigures: OrderFigures;
    OrderItem: OrderItem;
    OrderStatus: OrderStatus;
    PageMeta: PageMeta;
    PaymentAction: PaymentAction;
    PaymentBody: PaymentBody;
    PaymentConfig: PaymentConfig;
    PaymentSetup: PaymentSetup;
    PaymentToken: PaymentToken;
    Performance: Performance;
    PersonalData: PersonalData;
    PhoneChange: PhoneChange;
    PickOperation: PickOperation;
    PickResults: PickResults;
    PickedStatus: PickedStatus;
    PreviewBody: PreviewBody;
    PriceChange: PriceChange;
    Product: Product;
    ProductChange: ProductChange;
    ProductImport: ProductImport;
    ProductPromotion: ProductPromotion;
    Profile: Profile;
    ProfileChange: ProfileChange;
    Promotion: Promotion;
    PromotionChange: PromotionChange;
    PromotionKind: PromotionKind;
    Proposal: Proposal;
    ProposalBody: ProposalBody;
    ReadNotificationsBody: ReadNotificationsBody;
    Receipt: Receipt;
    ReceiptLine: ReceiptLine;
    ReceiptVat: ReceiptVat;
    RecoveryCodes: RecoveryCodes;
    RefilledCart: RefilledCart;
    RefreshBody: RefreshBody;
    RefreshedSession: RefreshedSession;
    RefundDecision: RefundDecision;
    RefundUnits: RefundUnits;
    RegisterBody: RegisterBody;
    Removed: Removed;
    RemovedWebhook: RemovedWebhook;
    ResetPasswordBody: ResetPasswordBody;
    Revenue: Revenue;
    Review: Review;
    ReviewBody: ReviewBody;
    Reviews: Reviews;
    SavedPaymentToken: SavedPaymentToken;
    ScheduledPrice: ScheduledPrice;
    ScheduledPriceChange: ScheduledPriceChange;
    ScheduledPriceStatus: ScheduledPriceStatus;
    SearchSynonyms: SearchSynonyms;
    SendOtpAnswer: SendOtpAnswer;
    Session: Session;
    SetItemBody: SetItemBody;
    Settings: Settings;
    SettingsChange: SettingsChange;
    ShippingInfo: ShippingInfo;
    ShopEvent: ShopEvent;
    ShoppingList: ShoppingList;
    ShoppingListItem: ShoppingListItem;
    SignedInDevice: SignedInDevice;
    SkippedLine: SkippedLine;
    SlotException: SlotException;
    SlotExceptionDeleted: SlotExceptionDeleted;
    SoldBy: SoldBy;
    StaffClaim: StaffClaim;
    StaffOrder: StaffOrder;
    StaffOrderItem: StaffOrderItem;
    StaffProduct: StaffProduct;
    StaffRefund: StaffRefund;
    StaffRefundStatus: StaffRefundStatus;
    StockMovement: StockMovement;
    StockRequest: StockRequest;
    StockRequestBulkReview: StockRequestBulkReview;
    StockRequestBulkReviewAnswer: StockRequestBulkReviewAnswer;
    StockRequestReview: StockRequestReview;
    Substitution: Substitution;
    SubstitutionInput: SubstitutionInput;
    SubstitutionPolicy: SubstitutionPolicy;
    Success: Success;
    Suggestion: Suggestion;
    Suggestions: Suggestions;
    TaxClass: TaxClass;
    TaxRate: TaxRate;
    ToggleBody: ToggleBody;
    TopProduct: TopProduct;
    TotpDisableBody: TotpDisableBody;
    TotpLoginBody: TotpLoginBody;
    TotpSetup: TotpSetup;
    TotpVerifyBody: TotpVerifyBody;
    Translations: Translations;
    UnitPrice: UnitPrice;
    UnreadCount: UnreadCount;
    User: User;
    UserChange: UserChange;
    Usual: Usual;
    VerifyOtpAnswer: VerifyOtpAnswer;
    VerifyOtpBody: VerifyOtpBody;
    Webhook: Webhook;
    WebhookDelivery: WebhookDelivery;
    WebhookReceived: WebhookReceived;
    WebhookWithSecret: WebhookWithSecret;
    Wishlist: Wishlist;
    WishlistBody: WishlistBody;
    WishlistItem: WishlistItem;
  };
}
