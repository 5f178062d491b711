import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * Moves the fonts that Cloudscape's stylesheet carries as data: URIs into files of
 * their own. The Content-Security-Policy then needs no `data:` for fonts, and a
 * browser fetches only the weights it draws.
 */
function fontsAsFiles(): Plugin {
  return {
    name: 'fonts-as-files',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
        const css = typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source);
        file.source = css.replace(
          /url\(["']?data:(?:font\/|application\/(?:x-)?font-?)(woff2?)[^,]*;base64,([^"')]+)["']?\)/g,
          (_match, format: string, base64: string) => {
            const source = Buffer.from(base64, 'base64');
            const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8);
            const fileName = `assets/font-${hash}.${format}`;
            this.emitFile({ type: 'asset', fileName, source });
            return `url(${fileName.slice('assets/'.length)})`;
          },
        );
      }
    },
  };
}

/**
 * The apps, chosen by `--mode`. A base is absolute, because the server answers with an
 * app's page at more addresses than one.
 */
const apps: Record<string, { base: string }> = {
  portal: { base: '/start/' },
  management: { base: '/console-assets/' },
};

export default defineConfig(({ mode }) => {
  const name = mode in apps ? mode : 'portal';
  const { base } = apps[name]!;
  return {
    root: fileURLToPath(new URL(`./${name}`, import.meta.url)),
    base,
    plugins: [react(), fontsAsFiles()],
    build: {
      outDir: fileURLToPath(new URL(`./dist/${name}`, import.meta.url)),
      emptyOutDir: true,
      target: 'es2022',
      // Nothing inline: the Content-Security-Policy allows files of this origin only.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1024,
    },
    test: {
      root: fileURLToPath(new URL('.', import.meta.url)),
      include: ['shared/**/*.test.{ts,tsx}', 'portal/**/*.test.{ts,tsx}', 'management/**/*.test.{ts,tsx}'],
      // A file that draws asks for jsdom in its first line; the others start much faster without.
      environment: 'node',
      environmentOptions: { jsdom: { url: 'https://d-1234567890.awsapps.localhost/start' } },
      // Cloudscape's modules import stylesheets, which only Vite understands.
      server: { deps: { inline: [/@cloudscape-design/] } },
      testTimeout: 60_000,
    },
  };
});
