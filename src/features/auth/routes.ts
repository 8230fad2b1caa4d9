import * as z from 'zod';
import { IdParams } from '../../http/fields.ts';
import { feature, protectedRoute, publicRoute, SIGNED_IN } from '../../http/route.ts';
import { bearerOf } from '../../http/tokens.ts';
import { login } from './commands/login.ts';
import { changePassword, forgotPassword, resetPassword } from './commands/password.ts';
import { refresh } from './commands/refresh.ts';
import { register } from './commands/register.ts';
import { sendCode, verifyCode } from './commands/registration-code.ts';
import { endSession, logOut, logOutEverywhere } from './commands/sessions.ts';
import { currentUser, sessionsOf } from './queries.ts';
import * as schemas from './schemas.ts';

export const auth = feature('/auth', 'Auth', [
  publicRoute(
    {
      method: 'post',
      path: '/register',
      summary: 'Create a customer account and sign in',
      description:
        'The password must not be the email, nor one of the 1,000 most common ones (ignoring case). Where registration ' +
        'requires a verified email (`OTP_REQUIRED`), it must have been verified in the last 30 minutes: send the ' +
        '`verification_token` returned by `verify-otp`, or register from the same network (IPv4 /24, IPv6 /48).',
      body: schemas.RegisterBody,
      returns: schemas.Session,
      status: 201,
      errors: ['ROLE_NOT_ALLOWED', 'OTP_REQUIRED', 'USER_EXISTS'],
      limitMode: 'sign-in',
    },
    (call, { body }) => register(call, body),
  ),
  publicRoute(
    {
      method: 'post',
      path: '/login',
      summary: 'Sign in',
      description:
        'An unknown email, a wrong password and a deactivated account get the same response. After ten failures on one account ' +
        'within 15 minutes the response is 429 with `Retry-After`, doubling from a minute to an hour; failures of ' +
        '`change-password` count as well. Networks (IPv4 /24, IPv6 /48) from which the account was signed in to in the ' +
        'last 30 days are counted separately. A session ends 180 days after its sign-in at the latest.',
      body: schemas.LoginBody,
      returns: schemas.Session,
      errors: ['INVALID_CREDENTIALS'],
      limit: '5 per minute',
      limitMode: 'sign-in',
    },
    (call, { body }) => login(call, body),
  ),
  protectedRoute(
    SIGNED_IN,
    { method: 'get', path: '/me', summary: 'The signed-in user', returns: schemas.User },
    currentUser,
  ),
  publicRoute(
    {
      method: 'post',
      path: '/refresh',
      summary: 'Exchange a refresh token for a new pair',
      description:
        'Send the refresh token as bearer token or in the body. It is rotated: repeated within 10 seconds of its first use it ' +
        'still works; repeated later it ends its session. A token is valid for 30 days, at most until 180 days after the sign-in.',
      headers: z.object({ authorization: z.string().optional() }),
      body: schemas.RefreshBody,
      bodyOptional: true,
      returns: schemas.RefreshedSession,
      errors: ['AUTH_REQUIRED'],
      limitMode: 'sign-in',
    },
    (call, { headers, body }) => refresh(call, body.refresh_token ?? bearerOf(headers.authorization)),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'post',
      path: '/logout',
      summary: 'End this session',
      description: 'Concurrent requests all succeed.',
      returns: schemas.Success,
    },
    logOut,
  ),
  protectedRoute(
    SIGNED_IN,
    { method: 'post', path: '/logout-all', summary: 'End every session of the caller', returns: schemas.Success },
    logOutEverywhere,
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'post',
      path: '/change-password',
      summary: 'Change the password',
      description:
        'Ends every other session and every reset link; use the tokens of the response from now on. A wrong ' +
        '`current_password` counts as a failed sign-in: after ten within 15 minutes the response is 429 with `Retry-After`.',
      body: schemas.ChangePasswordBody,
      returns: schemas.Session,
      errors: ['WRONG_CURRENT_PASSWORD'],
      limitMode: 'sign-in',
    },
    (call, { body }) => changePassword(call, body),
  ),
  publicRoute(
    {
      method: 'post',
      path: '/forgot-password',
      summary: 'Mail a link to reset the password',
      description:
        'The response is the same for an unknown email. An address gets at most one mail in 5 minutes and five a day; ' +
        'further requests get the same response, send nothing, and the link of the last mail stays valid.',
      body: schemas.EmailBody,
      returns: schemas.ForgotPasswordAnswer,
      limit: '5 per minute',
      limitMode: 'sign-in',
    },
    (call, { body }) => forgotPassword(call, body.email),
  ),
  publicRoute(
    {
      method: 'post',
      path: '/reset-password',
      summary: 'Set a new password with a mailed token',
      description:
        'The token works once, for 30 minutes, until a newer one is mailed, or until password, email, role or active state ' +
        'of the account change. Ends every session.',
      body: schemas.ResetPasswordBody,
      returns: schemas.Message,
      errors: ['INVALID_OR_EXPIRED_TOKEN'],
      limitMode: 'sign-in',
    },
    (call, { body }) => resetPassword(call, body),
  ),
  publicRoute(
    {
      method: 'post',
      path: '/register/send-otp',
      summary: 'Mail a registration code',
      description:
        'Four digits, valid for 10 minutes; a new code invalidates the previous one; at most 5 per hour and email.',
      body: schemas.EmailBody,
      returns: schemas.SendOtpAnswer,
      errors: ['USER_EXISTS'],
      limit: '3 per minute',
      limitMode: 'sign-in',
    },
    (call, { body }) => sendCode(call, body.email),
  ),
  publicRoute(
    {
      method: 'post',
      path: '/register/verify-otp',
      summary: 'Verify an email with its code',
      description:
        'Five wrong attempts invalidate the code. With the returned `verification_token`, `register` can be called from any network; ' +
        'without it, only from the network (IPv4 /24, IPv6 /48) of the verification.',
      body: schemas.VerifyOtpBody,
      returns: schemas.VerifyOtpAnswer,
      errors: ['INVALID_REGISTRATION_OTP'],
      limit: '10 per minute',
      limitMode: 'sign-in',
    },
    (call, { body }) => verifyCode(call, body),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'get',
      path: '/sessions',
      summary: 'Sessions of the caller',
      returns: z.array(schemas.SignedInDevice),
    },
    sessionsOf,
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'delete',
      path: '/sessions/{id}',
      summary: 'End one session of the caller',
      params: IdParams,
      returns: schemas.Success,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => endSession(call, params.id),
  ),
]);
