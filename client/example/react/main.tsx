import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../../src/react/index.ts';
import { Shop } from './shop.tsx';

// `?mock`: the examples of the document answer, and no API is asked.
if (new URLSearchParams(location.search).has('mock')) await (await import('./mock.ts')).startMock();

const root = document.querySelector('#root');
if (!root) throw new Error('There is no #root.');
createRoot(root).render(
  <QueryClientProvider client={createQueryClient()}>
    <Shop />
  </QueryClientProvider>,
);
