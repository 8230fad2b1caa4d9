import * as z from 'zod';
import { IdParams } from '../../http/fields.ts';
import { feature, protectedRoute, publicRoute, SIGNED_IN, STAFF } from '../../http/route.ts';
import { bearerOf } from '../../http/tokens.ts';
import { login } from './commands/login.ts';
import { loginWithTotp } from './commands/login-totp.ts';
import { changePassword, forgotPassword, resetPassword } from './commands/password.ts';
import { refresh } from './commands/refresh.ts';
import { register } from './commands/register.ts';
import { sendCode, verifyCode } from './commands/registration-code.ts';
import { endSession, logOut, logOutEverywhere } from './commands/sessions.ts';
import { disableTotp, setUpTotp, verifyTotp } from './commands/totp.ts';
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
        'last 30 days are counted separately. A session ends 180 days after its sign-in at the latest. With two-step sign-in ' +
        'the right password is answered with `TOTP_REQUIRED`: send its `details.challenge` and a code to `POST /auth/login/totp`.',
      body: schemas.LoginBody,
      returns: schemas.Session,
      errors: ['INVALID_CREDENTIALS', 'TOTP_REQUIRED'],
      limit: '5 per minute',
      limitMode: 'sign-in',
    },
    (call, { body }) => login(call, body),
  ),
  publicRoute(
    {
      method: 'post',
      path: '/login/totp',
      summary: 'Sign in: the second step',
      description:
        'The challenge of `POST /auth/login` is valid for 5 minutes and ends with a change of the password. Send either the ' +
        'present `code` of the authenticator app (30 seconds of difference between clocks are allowed; a code works once) or one ' +
        'of the `recovery_code`s, each of which works once. Failures count like wrong passwords, in the same count.',
      body: schemas.TotpLoginBody,
      returns: schemas.Session,
      errors: ['INVALID_TOTP', 'TOTP_CHALLENGE_EXPIRED'],
      limit: '5 per minute',
      limitMode: 'sign-in',
    },
    (call, { body }) => loginWithTotp(call, body),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'post',
      path: '/totp/setup',
      summary: 'Set up two-step sign-in',
      description:
        'Answers a new secret for an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds), to be shown as a QR code of ' +
        '`otpauth_url`. Sign-ins do not change until a code confirms it; setting up again replaces a secret that is not confirmed.',
      returns: schemas.TotpSetup,
      errors: ['TOTP_ALREADY_ENABLED'],
      beforeTotp: true,
    },
    (call) => setUpTotp(call),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'post',
      path: '/totp/verify',
      summary: 'Turn two-step sign-in on',
      description:
        'The code shows that the app works. Answers ten recovery codes, shown only here: each signs in once without the app. ' +
        'Every other session of the caller ends. A wrong code counts as a failed sign-in.',
      body: schemas.TotpVerifyBody,
      returns: schemas.RecoveryCodes,
      errors: ['WRONG_TOTP', 'TOTP_ALREADY_ENABLED', 'TOTP_NOT_SET_UP'],
      limitMode: 'sign-in',
      beforeTotp: true,
    },
    (call, { body }) => verifyTotp(call, body.code),
  ),
  protectedRoute(
    SIGNED_IN,
    {
      method: 'delete',
      path: '/totp',
      summary: 'Turn two-step sign-in off',
      description:
        'Needs the password and a `code`, or a `recovery_code` in its place; failures count as failed sign-ins. A pending setup is ' +
        'not removed: it has no effect. Where the shop requires two-step sign-in, staff routes answer `TOTP_SETUP_REQUIRED` until it is set up again.',
      body: schemas.TotpDisableBody,
      returns: schemas.Success,
      errors: ['WRONG_CURRENT_PASSWORD', 'WRONG_TOTP', 'TOTP_NOT_SET_UP'],
      limitMode: 'sign-in',
    },
    (call, { body }) => disableTotp(call, body),
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
