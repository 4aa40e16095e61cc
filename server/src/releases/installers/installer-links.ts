/** Where the downloads of an installer are; who has one of these can enrol machines. */
export function installerLinks(origin: string, token: string) {
  const base = `${origin}/download/installer/${token}`;
  return {
    exe: `${base}/GuruConnect.exe`,
    msi: `${base}/GuruConnect.msi`,
    mst: `${base}/guruconnect.mst`,
    deb: `${base}/guruconnect.deb`,
    script: `${base}/install.sh`,
  };
}
