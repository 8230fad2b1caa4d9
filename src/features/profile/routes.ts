import * as z from 'zod';
import { IdParams } from '../../http/fields.ts';
import { feature, protectedRoute, SIGNED_IN } from '../../http/route.ts';
import { Success } from '../auth/schemas.ts';
import { addAddress, changeAddress, makeAddressDefault, removeAddress } from './commands/addresses.ts';
import { makePaymentTokenDefault, removePaymentToken, savePaymentToken } from './commands/payment-tokens.ts';
import { setUpPaymentToken } from './commands/payment-vault.ts';
import { changeProfile } from './commands/profile.ts';
import { NewPaymentToken, NewSetup, PaymentSetup, PaymentToken, SavedPaymentToken } from './payment-token-schemas.ts';
import { addressesOf, paymentTokensOf, profileOf } from './queries.ts';
import * as schemas from './schemas.ts';

export const profile = feature('/me', 'Profile', [
  protectedRoute(
    SIGNED_IN,
    { method: 'get', path: '', summary: 'The profile of the caller', returns: schemas.Profile },
    profileOf,
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'patch',
      path: '',
      summary: 'Change name or phone',
      description: 'At least one field. A `phone` of null clears it.',
      body: schemas.ProfileChange,
      changes: ['products'],
      returns: schemas.Profile,
    },
    (call, { body }) => changeProfile(call, body),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'patch',
      path: '/phone',
      summary: 'Change the phone',
      description: 'To clear it, send `{"phone": null}` to `PATCH /me`.',
      body: schemas.PhoneChange,
      returns: schemas.Profile,
    },
    (call, { body }) => changeProfile(call, body),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'get',
      path: '/addresses',
      summary: 'The saved addresses',
      description: 'The default first, then the newest.',
      returns: z.array(schemas.Address),
    },
    addressesOf,
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'post',
      path: '/addresses',
      summary: 'Save an address',
      description:
        'The first address becomes the default. With `is_default`, the new address replaces the present default. ' +
        'A user can save at most 50.',
      body: schemas.NewAddress,
      returns: schemas.Address,
      status: 201,
      errors: ['UNPROCESSABLE'],
    },
    (call, { body }) => addAddress(call, body),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'put',
      path: '/addresses/{id}',
      summary: 'Change an address',
      description:
        'Any subset of the fields, at least one; other fields stay unchanged, and null clears `lat` and `lng`. A user with ' +
        'addresses always has one default, so `is_default: false` changes nothing: make another one the default instead.',
      params: IdParams,
      body: schemas.AddressChange,
      returns: schemas.Address,
      errors: ['ADDRESS_NOT_FOUND'],
    },
    (call, { params, body }) => changeAddress(call, params.id, body),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'delete',
      path: '/addresses/{id}',
      summary: 'Remove an address',
      description:
        'If it was the default, the newest remaining address becomes the default. Orders keep their address.',
      params: IdParams,
      returns: Success,
      errors: ['ADDRESS_NOT_FOUND'],
    },
    (call, { params }) => removeAddress(call, params.id),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'patch',
      path: '/addresses/{id}/default',
      summary: 'Make an address the default',
      params: IdParams,
      returns: schemas.Address,
      errors: ['ADDRESS_NOT_FOUND'],
    },
    (call, { params }) => makeAddressDefault(call, params.id),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'get',
      path: '/payment-tokens',
      summary: 'The saved payment methods',
      description: 'Without removed ones; the default first, then the newest.',
      returns: z.array(PaymentToken),
    },
    paymentTokensOf,
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'post',
      path: '/payment-tokens',
      summary: 'Save a payment method',
      description:
        'Send a `provider_token` issued by the provider, or, for `mockpay`, a `card_number` (spaces and dashes allowed; ' +
        'Luhn-checked), of which only brand and last four digits are stored. Card numbers are never stored, so a ' +
        '`provider_token` that contains one is rejected, as is an expired card. The first payment method becomes the ' +
        'default. A user can save at most 50. With `stripe`, `provider_token` is a payment method of the caller at Stripe, ' +
        'entered with `POST /me/payment-tokens/setup`; brand, last four digits and expiry are read there.',
      body: NewPaymentToken,
      returns: SavedPaymentToken,
      status: 201,
      errors: ['UNPROCESSABLE', 'PAYMENT_TOKEN_REFUSED'],
    },
    (call, { body }) => savePaymentToken(call, body),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'post',
      path: '/payment-tokens/setup',
      summary: 'Enter a card at the provider',
      description:
        'For a provider that takes the card itself, such as `stripe`: the client confirms the setup there with ' +
        '`client_secret`, then saves the resulting payment method with `POST /me/payment-tokens`.',
      body: NewSetup,
      returns: PaymentSetup,
      status: 201,
      errors: ['PAYMENT_TOKEN_REFUSED'],
    },
    (call, { body }) => setUpPaymentToken(call, body.provider),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'patch',
      path: '/payment-tokens/{id}/default',
      summary: 'Make a payment method the default',
      params: IdParams,
      returns: PaymentToken,
      errors: ['PAYMENT_TOKEN_NOT_FOUND'],
    },
    (call, { params }) => makePaymentTokenDefault(call, params.id),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'delete',
      path: '/payment-tokens/{id}',
      summary: 'Remove a payment method',
      description: 'Deactivated, not deleted. If it was the default, the newest remaining one becomes the default.',
      params: IdParams,
      returns: Success,
      errors: ['PAYMENT_TOKEN_NOT_FOUND'],
    },
    (call, { params }) => removePaymentToken(call, params.id),
  ),
]);
