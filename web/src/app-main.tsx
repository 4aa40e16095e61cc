import './styles/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { createAppRouter } from './app/router.tsx';
import { createConsoleConnection } from './lib/console-connection.ts';
import { ConsoleContext } from './lib/console-context.ts';
import { configureZodWithoutEval } from './lib/zod-without-eval.ts';

configureZodWithoutEval();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ConsoleContext value={createConsoleConnection()}>
        <RouterProvider router={createAppRouter()} />
      </ConsoleContext>
    </StrictMode>,
  );
}
