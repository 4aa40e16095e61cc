/** Functions of OpenH264 whose callers get ours instead; src/encode/openh264_hooks.cc says what for. */
const hooked = [
  '_ZN6WelsVP19ScrollDetectionCoreEP7SPixMapS1_iiiiR21SScrollDetectionParam',
  '_ZN7WelsEnc15DecideFrameTypeEPNS_13TagWelsEncCtxEaib',
  '_ZN7WelsEnc20PerformFMEPreprocessEPNS_22TagWelsFuncPointerListEPNS_10TagPictureEPtPNS_28TagScreenBlockFeatureStorageE',
  '_ZN7WelsEnc22WelsDiamondCrossSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii',
  '_ZN7WelsEnc29WelsDiamondCrossFeatureSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii',
];

/** For the linker; the names are the same on Linux and on 64-bit Windows. */
export const openH264Hooks = hooked.map((symbol) => `-Wl,--wrap=${symbol}`);
