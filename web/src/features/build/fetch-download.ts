import { GuruError } from '@guruconnect/shared';

/**
 * Downloads one of our addresses under a name. Asks first whether it is there, which also has it made: what a browser
 * says of a failed download helps nobody. Throws the server's sentence.
 */
export async function fetchDownload(url: string, fileName: string): Promise<void> {
  const head = await ask(url, 'HEAD');
  if (!head.ok) {
    const sentence = (await (await ask(url, 'GET')).text()).trim();
    throw new GuruError('unavailable', sentence.slice(0, 300) || 'The server could not make this download.');
  }
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
}

async function ask(url: string, method: 'HEAD' | 'GET'): Promise<Response> {
  try {
    return await fetch(url, { method });
  } catch (cause) {
    throw new GuruError('unavailable', 'The server cannot be reached. Check the connection and try again.', {
      cause,
    });
  }
}
