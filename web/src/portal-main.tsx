import './styles/portal.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { configureZodWithoutEval } from './lib/zod-without-eval.ts';

configureZodWithoutEval();
const root = document.getElementById('root');
if (root) createRoot(root).render(<StrictMode>GuruConnect</StrictMode>);
