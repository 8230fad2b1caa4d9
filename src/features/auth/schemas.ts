import * as z from 'zod';
import { ROLES } from '../../db/schema/words.ts';
import { Id, Instant, optional, PLAIN } from '../../http/fields.ts';
import { isHashable, normalized } from './passwords.ts';
import { isCommonPassword } from './popular-passwords.ts';

/** Accepts what `<input type=email>` accepts, which sends international domains as `xn--…`. */
export const Email = z
  .string()
  .trim()
  .max(254)
  .regex(z.regexes.html5Email, 'must be an email address')
  .toLowerCase()
  .meta({ type: 'string', format: 'email', example: 'dana@example.com' });

/** A new password. */
export const NewPassword = z
  .string()
  .normalize('NFC')
  .min(8, 'must have 8 characters or more')
  .max(64, 'must have 64 characters or fewer')
  .regex(/\p{L}/u, 'must contain a letter')
  .regex(/\d/, 'must contain a digit')
  .refine(isHashable, 'must have 72 bytes or fewer and contain no NUL')
  .refine((password) => !isCommonPassword(password), 'is one of the commonest passwords; choose another one')
  .meta({ type: 'string', format: 'password', minLength: 8, maxLength: 64, example: 'Carmel-2026' });

/** A password at sign-in: only its length is bounded, because older passwords may not meet today's rules. */
const Password = z.string().min(1).max(256).meta({ format: 'password', example: 'Carmel-2026' });

export const isOwnEmail = (password: string, email: string): boolean =>
  normalized(password).trim().toLowerCase() === email;

export const OWN_EMAIL = 'must not be the email address';

/** There are several apostrophe characters, and some scripts need invisible joiners or direction marks. */
export const FullName = z
  .string()
  .trim()
  .min(2)
  .max(50)
  .regex(/^(?=.*\p{L})[\p{L}\p{M}\p{Join_Control}\u{200e}\u{200f}\p{Zs}'’׳-]+$/u, "must be letters, spaces, - and '")
  .regex(PLAIN, 'must not contain invisible letters')
  .meta({ type: 'string', minLength: 2, maxLength: 50, example: 'Dana Levi' });

export const Phone = z
  .string()
  .trim()
  .regex(/^\+?\d{8,15}$/, 'must be 8 to 15 digits, with or without a leading +')
  .meta({ type: 'string', pattern: '^\\+?\\d{8,15}$', example: '+972501234567' });

export const User = z
  .object({
    id: Id,
    email: z.string(),
    full_name: z.string(),
    phone: z.string().nullable(),
    role: z.enum(ROLES),
  })
  .meta({ id: 'User' });

const Tokens = z.object({ access_token: z.string(), refresh_token: z.string(), expires_at: Instant });
export const RefreshedSession = Tokens.meta({ id: 'RefreshedSession' });
export const Session = Tokens.extend({ user: User }).meta({ id: 'Session' });

export const RegisterBody = z
  .strictObject({
    email: Email,
    password: NewPassword,
    full_name: FullName,
    phone: Phone.nullish(),
    role: optional(z.string().max(32)).meta({ description: 'Only CUSTOMER is accepted.' }),
    verification_token: optional(z.string().min(1).max(256)).meta({
      description:
        'From `verify-otp`; valid once. Without it, the request must come from the network of the verification.',
    }),
  })
  .refine(({ password, email }) => !isOwnEmail(password, email), { path: ['password'], error: OWN_EMAIL })
  .meta({ id: 'RegisterBody' });

export const LoginBody = z.strictObject({ email: Email, password: Password }).meta({ id: 'LoginBody' });
export const RefreshBody = z
  .strictObject({ refresh_token: optional(z.string().max(4096)) })
  .meta({ id: 'RefreshBody' });
export const ChangePasswordBody = z
  .strictObject({ current_password: Password, new_password: NewPassword })
  .meta({ id: 'ChangePasswordBody' });
export const EmailBody = z.strictObject({ email: Email }).meta({ id: 'EmailBody' });
export const ResetPasswordBody = z
  .strictObject({ email: Email, token: z.string().min(1).max(256), new_password: NewPassword })
  .refine((body) => !isOwnEmail(body.new_password, body.email), { path: ['new_password'], error: OWN_EMAIL })
  .meta({ id: 'ResetPasswordBody' });
export const VerifyOtpBody = z
  .strictObject({ email: Email, code: z.string().regex(/^\d{4}$/, 'must be 4 digits') })
  .meta({ id: 'VerifyOtpBody' });

export const Message = z.object({ message: z.string() }).meta({ id: 'Message' });
export const ForgotPasswordAnswer = Message.extend({
  reset_token: z.string().optional().meta({ description: 'In development only. Not valid when no mail was sent.' }),
}).meta({ id: 'ForgotPasswordAnswer' });
export const VerifyOtpAnswer = Message.extend({
  verification_token: z.string().meta({ description: 'For `register`, once, within 30 minutes.' }),
}).meta({ id: 'VerifyOtpAnswer' });
export const SendOtpAnswer = Message.extend({
  code: z.string().optional().meta({ description: 'In development only.' }),
}).meta({ id: 'SendOtpAnswer' });
export const Success = z.object({ success: z.literal(true) }).meta({ id: 'Success' });

export const SignedInDevice = z
  .object({
    id: Id,
    created_at: Instant,
    last_used_at: Instant,
    user_agent: z.string().nullable(),
    ip: z.string().nullable(),
    current: z.boolean(),
  })
  .meta({ id: 'SignedInDevice' });

const TotpCode = z
  .string()
  .trim()
  .transform((code) => code.replaceAll(' ', ''))
  .pipe(z.string().regex(/^\d{6}$/, 'must be 6 digits'))
  .meta({ type: 'string', pattern: '^\\d{6}$', example: '492039' });
const RecoveryCode = z.string().trim().min(1).max(64).meta({ example: 'JBSW-Y3DP-EHPK-3PXP' });

const codeOrRecoveryCode = { code: optional(TotpCode), recovery_code: optional(RecoveryCode) };
const hasOneCode = (body: { code?: unknown; recovery_code?: unknown }) =>
  (body.code === undefined) !== (body.recovery_code === undefined);
const ONE_CODE = { path: ['code'], error: 'send either code or recovery_code' };

export const TotpLoginBody = z
  .strictObject({ challenge: z.string().min(1).max(2048), ...codeOrRecoveryCode })
  .refine(hasOneCode, ONE_CODE)
  .meta({ id: 'TotpLoginBody' });
export const TotpVerifyBody = z.strictObject({ code: TotpCode }).meta({ id: 'TotpVerifyBody' });
export const TotpDisableBody = z
  .strictObject({ password: Password, ...codeOrRecoveryCode })
  .refine(hasOneCode, ONE_CODE)
  .meta({ id: 'TotpDisableBody' });
export type SecondFactor = Partial<Pick<z.output<typeof TotpLoginBody>, 'code' | 'recovery_code'>>;

export const TotpSetup = z
  .object({
    secret: z
      .string()
      .meta({ example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', description: 'Base 32, to be typed by hand.' }),
    otpauth_url: z.string(),
  })
  .meta({ id: 'TotpSetup' });
export const RecoveryCodes = z
  .object({ recovery_codes: z.array(z.string().meta({ example: 'JBSW-Y3DP-EHPK-3PXP' })) })
  .meta({ id: 'RecoveryCodes' });
