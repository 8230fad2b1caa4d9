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
        'The password must not be the email, nor among the 1,000 commonest (in any case of letters). Where registration ' +
        'demands a verified email (`OTP_REQUIRED`), it must have been verified in the last 30 minutes: send the ' +
        '`verification_token` that `verify-otp` answered, or register from the same network (IPv4 /24, IPv6 /48).',
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
        'An unknown email, a wrong password and a deactivated account get the same answer. Ten failures on one account ' +
        'within 15 minutes answer 429 with `Retry-After`, doubling from a minute to an hour; wrong tries of ' +
        '`change-password` count as well. A network (IPv4 /24, IPv6 /48) from which the account was signed in to in the ' +
        'last 30 days has a count of its own. A session ends 180 days after its sign-in at the latest.',
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
        'Send the refresh token as bearer or in the body. It rotates. Shown again within 10 seconds of its first use it ' +
        'still works; later it ends its session. A token lives 30 days, and none beyond 180 days after the sign-in.',
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
      description: 'Of several at once each succeeds.',
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
        'Every other session ends, and every reset link; use the tokens of the answer from here on. A wrong ' +
        '`current_password` counts as a failed sign-in: ten within 15 minutes answer 429 with `Retry-After`.',
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
        'The answer is the same for an unknown email. One email gets at most one mail in 5 minutes and five a day; ' +
        'asking more often gets the same answer, sends nothing and leaves the link of the last mail good.',
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
        'The token works once, for 30 minutes, until a newer one is mailed, and until password, email, role or activity ' +
        'of the account change. Every session ends.',
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
      description: 'Four digits, valid for 10 minutes; a new code kills the old; at most 5 an hour for one email.',
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
        'Five wrong tries kill the code. The `verification_token` of the answer lets `register` be called from anywhere; ' +
        'without it, the verification counts only for the network (IPv4 /24, IPv6 /48) it came from.',
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
      summary: 'Where the caller is signed in',
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
