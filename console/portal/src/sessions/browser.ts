/** What a person would call the program behind a user agent: what it is, and on which system. */
export interface BrowserName {
  browser: string;
  system: string;
}

// In this order: Edge calls itself Chrome too, and Chrome calls itself Safari.
const browsers: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Microsoft Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
  [/\baws-cli\//, 'AWS CLI'],
];

const systems: [RegExp, string][] = [
  [/\b(?:iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\b(?:Macintosh|Mac OS X)\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

const nameOf = (text: string, known: [RegExp, string][]) => known.find(([pattern]) => pattern.test(text))?.[1] ?? '';

/** Each '' where it is none that is known. */
export function browserName(userAgent: string): BrowserName {
  return { browser: nameOf(userAgent, browsers), system: nameOf(userAgent, systems) };
}
