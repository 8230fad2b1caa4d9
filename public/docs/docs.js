const dark = matchMedia('(prefers-color-scheme: dark)');
const showScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', showScheme);
showScheme();

const form = document.querySelector('#sign-in');
const signedIn = document.querySelector('#signed-in');
const message = document.querySelector('#message');

const reference = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  showExtensions: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});

/** Kept in this page alone: a reload signs out. */
let session;

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
  show(answer.data);
});

document.querySelector('#sign-out').addEventListener('click', async () => {
  await call('POST', '/auth/logout');
  show(undefined);
});

function show(next) {
  if (session) reference.authActions.logout(['accessToken', 'refreshToken']);
  session = next;
  message.textContent = '';
  form.hidden = session !== undefined;
  signedIn.hidden = session === undefined;
  if (!session) return;
  document.querySelector('#who').textContent = `${session.user.full_name} · ${session.user.role}`;
  reference.preauthorizeApiKey('accessToken', session.access_token);
  reference.preauthorizeApiKey('refreshToken', session.refresh_token);
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
