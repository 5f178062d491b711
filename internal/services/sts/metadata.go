package sts

import (
	"crypto/sha256"
	"sync"

	"sekisho/internal/saml"
)

// parsedMetadata remembers what providers' metadata documents say: a document may
// have ten megabytes, and anybody may have it read, by a call that is unsigned.
type parsedMetadata struct {
	mu sync.Mutex
	m  map[[sha256.Size]byte]saml.Metadata
}

const maxParsed = 256

func (p *parsedMetadata) of(document string) (saml.Metadata, error) {
	k := sha256.Sum256([]byte(document))
	p.mu.Lock()
	have, ok := p.m[k]
	p.mu.Unlock()
	if ok {
		return have, nil
	}
	read, err := saml.ParseMetadata(document)
	if err != nil {
		return read, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.m == nil || len(p.m) >= maxParsed {
		p.m = make(map[[sha256.Size]byte]saml.Metadata)
	}
	p.m[k] = read
	return read, nil
}
