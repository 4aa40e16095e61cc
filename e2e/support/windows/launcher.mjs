/**
 * Stands for the native launcher: holds its pipe and starts the agent, under node.exe. Every line that the agent says
 * goes to LINES; every line that appears in COMMANDS goes to the agent. Its exit code is the agent's.
 * Use: node launcher.mjs MAIN LINES COMMANDS [arguments of the agent]
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import net from 'node:net';

const [main, lines, commands, ...args] = process.argv.slice(2);
const pipe = `\\\\.\\pipe\\guruconnect-${randomBytes(16).toString('hex')}`;

const server = net.createServer((socket) => {
  let rest = '';
  let sent = 0;
  socket.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop();
    for (const line of parts) appendFileSync(lines, `${line}\n`);
  });
  socket.on('error', () => {});
  const timer = setInterval(() => {
    const wanted = existsSync(commands) ? readFileSync(commands, 'utf8') : '';
    const whole = wanted.slice(0, wanted.lastIndexOf('\n') + 1);
    if (whole.length > sent) socket.write(whole.slice(sent));
    sent = Math.max(sent, whole.length);
  }, 30);
  socket.on('close', () => clearInterval(timer));
});
server.listen(pipe, () => {
  const env = { ...process.env, GURUCONNECT_PIPE: pipe };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('exit', (code) => process.exit(code ?? 1));
});
