package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed messages/*/*.json
var messageFiles embed.FS

// catalogue holds the messages of one language by key.
type catalogue map[string]message

// message is a text with placeholders, cut into its parts when it is read.
type message []part

// part is literal text, or a placeholder: {name}, or {name|one|other}, which
// writes the number called name and the word that goes with it.
type part struct {
	literal    string
	name       string
	one, other string
}

// readCatalogue reads messages/<loc>/*.json, each one flat object of strings: a
// file for each part of the site. No two have the same key.
func readCatalogue(loc Locale) (catalogue, error) {
	files, err := fs.Glob(messageFiles, "messages/"+string(loc)+"/*.json")
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("web: no messages in %q: %w", loc, err)
	}
	c := make(catalogue)
	for _, file := range files {
		raw, err := messageFiles.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			return nil, fmt.Errorf("web: %s: %w", file, err)
		}
		for key, text := range texts {
			if _, ok := c[key]; ok {
				return nil, fmt.Errorf("web: %s has message %s, which another file has", file, key)
			}
			if c[key], err = parseMessage(text); err != nil {
				return nil, fmt.Errorf("web: message %s in %s: %w", key, file, err)
			}
		}
	}
	return c, nil
}

// parseMessage cuts a text at its placeholders.
func parseMessage(text string) (message, error) {
	var m message
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if strings.Contains(before, "}") {
			return nil, fmt.Errorf("a } without its {")
		}
		if before != "" {
			m = append(m, part{literal: before})
		}
		if !found {
			break
		}
		inside, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, fmt.Errorf("a { without its }")
		}
		words := strings.Split(inside, "|")
		p := part{name: words[0]}
		switch {
		case p.name == "" || strings.Contains(inside, "{"):
			return nil, fmt.Errorf("no placeholder: {%s}", inside)
		case len(words) == 3 && words[2] != "":
			p.one, p.other = words[1], words[2]
		case len(words) != 1:
			return nil, fmt.Errorf("{%s} needs two forms, one and other", inside)
		}
		m = append(m, p)
		text = after
	}
	return m, nil
}

// text fills in the message called key; args are names, each followed by its
// value. A missing key or argument is an error: a page with a hole in it is
// not shown.
func (c catalogue) text(key string, args ...any) (string, error) {
	m, ok := c[key]
	if !ok {
		return "", fmt.Errorf("web: no message %s", key)
	}
	var b strings.Builder
	for _, p := range m {
		if p.name == "" {
			b.WriteString(p.literal)
			continue
		}
		v, ok := argument(args, p.name)
		if !ok {
			return "", fmt.Errorf("web: message %s needs %s", key, p.name)
		}
		if p.other == "" {
			fmt.Fprint(&b, v)
			continue
		}
		n, ok := v.(int)
		if !ok {
			return "", fmt.Errorf("web: message %s needs a number as %s", key, p.name)
		}
		b.WriteString(strconv.Itoa(n) + " ")
		if n == 1 {
			b.WriteString(p.one)
		} else {
			b.WriteString(p.other)
		}
	}
	return b.String(), nil
}

func argument(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return nil, false
}
