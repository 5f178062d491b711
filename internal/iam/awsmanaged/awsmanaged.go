// Package awsmanaged is what AWS publishes about permissions and every account
// finds in place: the AWS-managed policies with their documents, the services
// and their actions, and the roles that services link to themselves
// (behaviours.md 1.1, 4.7, 5.11, 6.3).
//
// The tables are inside the program, compressed, and nothing of them is read
// before it is asked for. The package knows no account: what is attached to
// whom is iam's, and what a document means is the policy engine's.
package awsmanaged

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	_ "embed" // the tables
	"encoding/base32"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// AsOf is the day of the data set that the documents are from: what AWS
// published later is not here.
const AsOf = "2026-09-30"

// Meta is an AWS-managed policy without its document.
type Meta struct {
	// ARN is arn:aws:iam::aws:policy, then Path and Name.
	ARN  string
	Name string // unique among AWS-managed policies
	Path string // begins and ends with "/"
	// ID is the policy's unique id, ANPA…, always the same for an ARN. It is
	// AWS's own for the policies whose id was published, about a third of them;
	// the others' are derived from the ARN.
	ID          string
	Description string // at most 1,000 characters; may be empty
	// DefaultVersion is the id that AWS gave the version at hand, such as "v188".
	// It is the only one here.
	DefaultVersion string
	CreatedAt      time.Time // of the policy, UTC, to the second
	UpdatedAt      time.Time // of the default version
	// Attachable is false for policies that only service-linked roles may have:
	// attaching one is answered with PolicyNotAttachable.
	Attachable bool
}

// Policy is an AWS-managed policy.
type Policy struct {
	Meta
	// Document is the default version's JSON, without white space between its
	// tokens.
	Document string
}

// SLRPath is the path of the policies that only service-linked roles may have.
const SLRPath = "/aws-service-role/"

// arnPrefix begins the ARN of every AWS-managed policy; the path follows.
const arnPrefix = "arn:aws:iam::aws:policy"

// The tables, made by tools/managedpolicies.
var (
	// indexData is compressed text. Its first line is the compressed sizes of the
	// blocks of documentData, with tabs between; each other line is a policy, in
	// the order of ARNs: path and name, version, creation and update in seconds of
	// 1970, published id or nothing, number of the block, bytes in the document,
	// description.
	//
	//go:embed data/index.flate
	indexData []byte

	// documentData is blocks of compressed documents one after the other. The first
	// is the dictionary that the others were compressed with. A block is small, so
	// that one policy is read without the rest.
	//
	//go:embed data/documents.flate
	documentData []byte
)

// table is the index, and the blocks that were read so far.
type table struct {
	metas   []Meta
	places  []place
	numbers map[string]int // by ARN
	blocks  []func() string
}

// place is where a document stands.
type place struct{ block, begin, end int }

// policies is the table of policies. That it can be read is what the tests of
// the embedded files show, so a failure is not handed to callers.
var policies = sync.OnceValue(func() *table {
	lines := strings.Split(strings.TrimSuffix(inflate(indexData, nil), "\n"), "\n")
	t := &table{numbers: make(map[string]int, len(lines))}
	t.blocks = blocks(strings.Split(lines[0], "\t"))
	begin, last := 0, -1
	for i, line := range lines[1:] {
		f := strings.Split(line, "\t")
		block, length := number(f[5]), number(f[6])
		if block != last {
			begin, last = 0, block
		}
		cut := strings.LastIndexByte(f[0], '/') + 1
		m := Meta{
			ARN: arnPrefix + f[0], Path: f[0][:cut], Name: f[0][cut:], DefaultVersion: f[1],
			CreatedAt: seconds(f[2]), UpdatedAt: seconds(f[3]), ID: f[4], Description: f[7],
		}
		m.complete()
		t.metas = append(t.metas, m)
		t.places = append(t.places, place{block, begin, begin + length})
		t.numbers[m.ARN] = i
		begin += length
	}
	return t
})

// blocks are the readers of the blocks with these sizes; each reads once.
func blocks(sizes []string) []func() string {
	var all []func() string
	rest := documentData
	var dictionary func() string
	for i, s := range sizes {
		size := number(s)
		data := rest[:size]
		rest = rest[size:]
		if i == 0 {
			dictionary = sync.OnceValue(func() string { return inflate(data, nil) })
			all = append(all, dictionary)
			continue
		}
		all = append(all, sync.OnceValue(func() string { return inflate(data, []byte(dictionary())) }))
	}
	return all
}

// complete fills in what follows from the ARN.
func (m *Meta) complete() {
	m.Attachable = m.Path != SLRPath
	if m.ID == "" {
		// The first characters are those of the account that AWS's own policies are
		// in (behaviours.md 1.2 tells how ids carry it).
		sum := sha256.Sum256([]byte(m.ARN))
		m.ID = "ANPAZKAPJZG4" + base32.StdEncoding.EncodeToString(sum[:10])[:9]
	}
}

// Lookup is the policy with an ARN, such as
// arn:aws:iam::aws:policy/job-function/Billing. ARNs are compared as they stand.
// The first call costs some milliseconds, the first policy of a block a fraction
// of one, and the rest next to nothing.
func Lookup(arn string) (Policy, bool) {
	t := policies()
	i, ok := t.numbers[arn]
	if !ok {
		return Policy{}, false
	}
	p := t.places[i]
	return Policy{Meta: t.metas[i], Document: t.blocks[p.block]()[p.begin:p.end]}, true
}

// All is every policy without its document, ordered by ARN. The slice is the
// caller's.
func All() []Meta { return slices.Clone(policies().metas) }

// inflate decompresses a table of the program.
func inflate(data, dictionary []byte) string {
	text, err := io.ReadAll(flate.NewReaderDict(bytes.NewReader(data), dictionary))
	if err != nil {
		panic("awsmanaged: embedded table: " + err.Error())
	}
	return string(text)
}

// number reads a decimal of a table of the program.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("awsmanaged: embedded table: " + err.Error())
	}
	return n
}

// seconds reads a time of a table of the program.
func seconds(s string) time.Time { return time.Unix(int64(number(s)), 0).UTC() }
