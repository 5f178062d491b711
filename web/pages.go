package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"path"
	"strings"
	"sync"
)

//go:embed templates
var templateFiles embed.FS

// Pages renders views and mails; safe for concurrent use.
type Pages struct {
	// pages are parsed when first shown, by Page.template(): each has the layout and
	// all partials once more, which for all of them is seven megabytes.
	pages      map[string]func() (*template.Template, error)
	letter     *template.Template
	catalogues map[Locale]catalogue
}

// New reads the catalogues and what all pages have in common, which are built into
// the program.
func New() (*Pages, error) {
	p := &Pages{pages: make(map[string]func() (*template.Template, error)), catalogues: make(map[Locale]catalogue)}
	for _, loc := range Locales() {
		c, err := readCatalogue(loc)
		if err != nil {
			return nil, err
		}
		p.catalogues[loc] = c
	}

	layout, err := template.ParseFS(templateFiles, "templates/layout.html", "templates/partials.html")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	files, err := templateFiles.ReadDir("templates/pages")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	for _, f := range files {
		p.pages[strings.TrimSuffix(f.Name(), ".html")] = sync.OnceValues(func() (*template.Template, error) {
			t, err := layout.Clone()
			if err == nil {
				t, err = t.ParseFS(templateFiles, path.Join("templates/pages", f.Name()))
			}
			if err != nil {
				err = fmt.Errorf("web: %w", err)
			}
			return t, err
		})
	}
	if p.letter, err = template.ParseFS(templateFiles, "templates/letter.html"); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return p, nil
}

// Render writes the whole HTML document of a page, in the frame's language
// (English when it is not one of [Locales]), with a single call of w.Write.
// After an error nothing has been written, unless the error is w's own.
func (p *Pages) Render(w io.Writer, page Page) error {
	parsed, ok := p.pages[page.template()]
	if !ok {
		return fmt.Errorf("web: no template %s", page.template())
	}
	t, err := parsed()
	if err != nil {
		return err
	}
	r, err := p.rendering(page)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", r); err != nil {
		return fmt.Errorf("web: page %s: %w", page.template(), err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// language returns loc, or English, and its catalogue.
func (p *Pages) language(loc Locale) (Locale, catalogue) {
	if c, ok := p.catalogues[loc]; ok {
		return loc, c
	}
	return English, p.catalogues[English]
}

func (p *Pages) rendering(page Page) (*rendering, error) {
	r := &rendering{P: page, F: page.frame()}
	r.F.Locale, r.messages = p.language(r.F.Locale)
	if f, ok := page.(faulty); ok {
		for _, fault := range f.faults() {
			text, err := r.T(fault.key, fault.args...)
			if err != nil {
				return nil, err
			}
			r.Faults = append(r.Faults, Fault{Field: fault.field, Text: text})
		}
	}
	return r, nil
}
