const dark = matchMedia('(prefers-color-scheme: dark)');
const form = document.querySelector('#sign-in');
const signedIn = document.querySelector('#signed-in');
const message = document.querySelector('#message');

/** Kept in this page alone: a reload signs out. */
let session;

/** No fonts, proxy or services of others; the scheme is the system's, as in the header. */
const configuration = () => ({
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  hideDarkModeToggle: true,
  forceDarkModeState: dark.matches ? 'dark' : 'light',
  persistAuth: false,
  showDeveloperTools: 'never',
  authentication: {
    preferredSecurityScheme: 'accessToken',
    securitySchemes: {
      accessToken: { token: session?.access_token ?? '' },
      refreshToken: { token: session?.refresh_token ?? '' },
    },
  },
});
const reference = Scalar.createApiReference('#reference', configuration());
const show = () => reference.updateConfiguration(configuration());
dark.addEventListener('change', show);

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { email, password } = Object.fromEntries(new FormData(form));
  message.textContent = 'Signing in…';
  const answer = await call('POST', '/auth/login', { email, password });
  if (!answer.data) {
    message.textContent = answer.error.message;
    return;
  }
  form.reset();
  become(answer.data);
});

document.querySelector('#sign-out').addEventListener('click', async () => {
  await call('POST', '/auth/logout');
  become(undefined);
});

function become(next) {
  session = next;
  message.textContent = '';
  form.hidden = session !== undefined;
  signedIn.hidden = session === undefined;
  document.querySelector('#who').textContent = session ? `${session.user.full_name} · ${session.user.role}` : '';
  show();
}

async function call(method, path, body) {
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(session && { Authorization: `Bearer ${session.access_token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return await response.json();
  } catch {
    return { error: { message: 'The server did not answer.' } };
  }
}
