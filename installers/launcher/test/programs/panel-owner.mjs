/*
 * Stands for the agent, on Windows' own Node: shows panels by GuruConnect.exe, one after the other as their buttons
 * are pressed, and then closes the pipe. Arguments: the program, and a file with the panels.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [program, file] = process.argv.slice(2);
const panels = JSON.parse(readFileSync(file, 'utf8'));
const pipe = `\\\\.\\pipe\\guruconnect-panel-${process.pid}`;
const print = (line) => process.stdout.write(`${line}\n`);

const server = createServer((socket) => {
  const show = (panel) => socket.write(`${JSON.stringify({ type: 'show', panel })}\n`);
  // What comes later than it is known must not harm.
  socket.write(`${JSON.stringify({ type: 'of-a-later-version', x: [1] })}\n`);
  show(panels.shift());
  createInterface({ input: socket }).on('line', (line) => {
    print(line);
    const next = panels.shift();
    if (next === undefined) socket.end();
    else show(next);
  });
  socket.on('error', (error) => print(`socket: ${error.message}`));
});
server.listen(pipe, () => {
  const child = spawn(program, ['--panel', pipe], { stdio: 'ignore' });
  child.on('exit', (code) => {
    print(`program returned ${code}`);
    server.close();
  });
});
