// @ts-check

/**
 * What the pack says of the programs of others in it whose packages carry no text of their licence.
 *
 * @param {string} nodeVersion
 */
export function notices(nodeVersion) {
  return `GuruConnect's agent for Windows contains programs of others.

node.exe is Node.js ${nodeVersion}, under the MIT licence and those of what it contains:
https://github.com/nodejs/node/blob/v${nodeVersion}/LICENSE
Its data for languages other than English, its reader of TypeScript and its signature have been removed; nothing else
was changed.

node_modules/ holds node-datachannel (MPL 2.0, https://github.com/murat-dogan/node-datachannel), with libdatachannel
(MPL 2.0), libjuice (MPL 2.0), usrsctp (BSD), libsrtp (BSD) and OpenSSL (Apache 2.0) inside; koffi (MIT,
https://koffi.dev) and detect-libc (Apache 2.0, https://github.com/lovell/detect-libc).

gc_native.node contains OpenH264 by Cisco Systems (BSD, https://www.openh264.org).
`;
}
