package main

import (
	"bytes"
	"cmp"
	"compress/flate"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	// mostBlock is about how many bytes of documents share a block. Reading a policy
	// reads its block; larger ones compress better.
	mostBlock = 24 << 10
	// mostDictionary is how much of a dictionary flate looks back on.
	mostDictionary = 32 << 10
)

// run makes the tables in the directory out and says what is in them.
func run(in sources, out string) (string, error) {
	policies, err := ordered(in)
	if err != nil {
		return "", err
	}
	services, err := readServices(in.services, policies)
	if err != nil {
		return "", err
	}
	actions, err := readActions(in.services)
	if err != nil {
		return "", err
	}
	index, documents, err := pack(policies)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		return "", err
	}
	for name, data := range map[string][]byte{
		"index.flate": index, "documents.flate": documents, "services.tsv": services, "actions.tsv": actions,
	} {
		if err := os.WriteFile(filepath.Join(out, name), data, 0o600); err != nil {
			return "", err
		}
	}
	latest := slices.MaxFunc(policies, func(a, b policy) int { return a.UpdateDate.Compare(b.UpdateDate) })
	return fmt.Sprintf("%d policies as of %s: index %d bytes, documents %d bytes",
		len(policies), latest.UpdateDate.UTC().Format(time.DateOnly), len(index), len(documents)), nil
}

// pack writes the policies in the form that internal/iam/awsmanaged tells of indexData and documentData.
func pack(policies []policy) (index, documents []byte, err error) {
	dictionary := dictionaryOf(policies)
	first, err := deflate(dictionary, nil)
	if err != nil {
		return nil, nil, err
	}
	documents = first
	sizes := []string{fmt.Sprint(len(first))}
	var lines, block bytes.Buffer
	flush := func() error {
		data, err := deflate(block.Bytes(), dictionary)
		documents = append(documents, data...)
		sizes = append(sizes, fmt.Sprint(len(data)))
		block.Reset()
		return err
	}
	for _, p := range policies {
		if err := check(p); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", p.name, err)
		}
		if block.Len() > 0 && block.Len()+len(p.Document) > mostBlock {
			if err := flush(); err != nil {
				return nil, nil, err
			}
		}
		block.Write(p.Document)
		fmt.Fprintf(&lines, "%s%s\t%s\t%d\t%d\t%s\t%d\t%d\t%s\n", p.Path, p.name, p.DefaultVersionID,
			p.CreateDate.Unix(), p.UpdateDate.Unix(), p.PolicyID, len(sizes), len(p.Document), p.description)
	}
	if err := flush(); err != nil {
		return nil, nil, err
	}
	index, err = deflate([]byte(strings.Join(sizes, "\t")+"\n"+lines.String()), nil)
	return index, documents, err
}

// deflate compresses with a dictionary, if there is one.
func deflate(data, dictionary []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriterDict(&out, flate.BestCompression, dictionary)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// quoted is a string of a document long enough to be worth a place in the dictionary.
var quoted = regexp.MustCompile(`"[^"]{4,}"[:,]?`)

// dictionaryOf is the strings that save most: those that many documents have, weighed by their length. The best stand last, where
// they are nearest.
func dictionaryOf(policies []policy) []byte {
	in := map[string]int{}
	for _, p := range policies {
		seen := map[string]bool{}
		for _, s := range quoted.FindAllString(string(p.Document), -1) {
			if !seen[s] {
				seen[s] = true
				in[s]++
			}
		}
	}
	best := sortedKeys(in)
	slices.SortStableFunc(best, func(a, b string) int { return cmp.Compare((in[b]-1)*len(b), (in[a]-1)*len(a)) })
	size, n := 0, 0
	for n < len(best) && size+len(best[n]) <= mostDictionary {
		size += len(best[n])
		n++
	}
	best = best[:n]
	slices.Reverse(best)
	return []byte(strings.Join(best, ""))
}
