// Command coverage writes docs/coverage.md: which operations of the AWS APIs are
// built, and which requirements a test cites.
//
// It owns the page and the reading of docs/requirements.txt. What is built is
// what the services' tables say; what a test proves is for its reader to judge.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/services/accessanalyzer"
	"sekisho/internal/services/account"
	"sekisho/internal/services/cloudtrail"
	"sekisho/internal/services/iam"
	"sekisho/internal/services/identitystore"
	"sekisho/internal/services/organizations"
	"sekisho/internal/services/organizationsconsole"
	"sekisho/internal/services/ssoadmin"
	"sekisho/internal/services/ssodirectory"
	"sekisho/internal/services/ssooidc"
	"sekisho/internal/services/ssoportal"
	"sekisho/internal/services/sts"
	"sekisho/internal/services/support"
)

// tables are the services' operations by the facts' service id.
var tables = map[string]call.Table{
	"accessanalyzer":        accessanalyzer.Table,
	"account":               account.Table,
	"cloudtrail":            cloudtrail.Table,
	"iam":                   iam.Table,
	"identitystore":         identitystore.Table,
	"organizations":         organizations.Table,
	"organizations-console": organizationsconsole.Table,
	"sso":                   ssoportal.Table,
	"sso-admin":             ssoadmin.Table,
	"sso-directory":         ssodirectory.Table,
	"sso-oidc":              ssooidc.Table,
	"sts":                   sts.Table,
	"support":               support.Table,
}

func main() {
	root := flag.String("root", ".", "the repository")
	write := flag.String("write", "", "file to write; standard output if empty")
	flag.Parse()
	page, err := generate(*root)
	if err == nil && *write != "" {
		err = os.WriteFile(*write, []byte(page), 0o644)
	} else if err == nil {
		_, err = os.Stdout.WriteString(page)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

// generate makes the page for the repository at root.
func generate(root string) (string, error) {
	list, err := readRequirements(filepath.Join(root, "docs/requirements.txt"))
	if err != nil {
		return "", err
	}
	cited, err := citations(root)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Coverage\n\nMade by `make coverage`; a test fails when it is stale.\n\n")
	operations(&b)
	if err := requirements(&b, list, cited); err != nil {
		return "", err
	}
	return b.String(), nil
}

// operations writes what is built of each API.
func operations(b *strings.Builder) {
	b.WriteString("## Operations\n\nEvery other operation is answered with AWS's own error for an unknown one.\n\n" +
		"| service | built | of | operations |\n|---|--:|--:|---|\n")
	var built, all int
	for _, id := range slices.Sorted(slices.Values(awsproto.Services())) {
		names := slices.Sorted(maps.Keys(tables[id]))
		of := len(awsproto.Service(id).Operations())
		built, all = built+len(names), all+of
		fmt.Fprintf(b, "| %s | %d | %d | %s |\n", id, len(names), of, cmp.Or(strings.Join(names, ", "), "–"))
	}
	fmt.Fprintf(b, "| all | %d | %d | |\n\n", built, all)
}

// requirements writes which requirement is cited where. A citation of an id that
// does not exist is an error: somebody's test is about something else.
func requirements(b *strings.Builder, list *requirementList, cited map[string][]string) error {
	for id, files := range cited {
		if _, ok := list.words[id]; !ok && !list.later[id] {
			return fmt.Errorf("%s cites %s, which docs/requirements.txt does not have", files[0], id)
		}
	}
	var rows strings.Builder
	shown := 0
	for _, id := range list.ids {
		where := "not yet"
		if files := cited[id]; len(files) > 0 {
			shown++
			where = "`" + strings.Join(files, "` `") + "`"
		}
		fmt.Fprintf(&rows, "| %s | %s | %s |\n", id, list.words[id], where)
	}
	fmt.Fprintf(b, "## Requirements\n\n%d of the %d that this release is about are cited by a test; %d more belong to later ones.\n\n", shown, len(list.ids), len(list.later))
	b.WriteString("| id | what | cited by |\n|---|---|---|\n" + rows.String())
	var early []string
	for _, id := range slices.Sorted(maps.Keys(cited)) {
		if list.later[id] {
			early = append(early, id)
		}
	}
	if len(early) > 0 {
		fmt.Fprintf(b, "\nAhead of their release, tests also cite %s.\n", strings.Join(early, ", "))
	}
	return nil
}

// requirementList is docs/requirements.txt.
type requirementList struct {
	ids   []string // of this release, in order
	words map[string]string
	later map[string]bool
}

const maxWords = 8

var (
	requirementID = regexp.MustCompile(`^[A-Z]-\d\d$`)
	idRange       = regexp.MustCompile(`^([A-Z])-(\d\d)\.\.([A-Z])-(\d\d)$`)
)

func readRequirements(path string) (*requirementList, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	l := &requirementList{words: make(map[string]string), later: make(map[string]bool)}
	number := 0
	for line := range strings.Lines(string(raw)) {
		number++
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(line, "#"):
		case fields[0] == "later":
			for _, r := range fields[1:] {
				m := idRange.FindStringSubmatch(r)
				if m == nil || m[1] != m[3] || m[2] > m[4] {
					return nil, fmt.Errorf("%s:%d: %q is not a range", path, number, r)
				}
				first, _ := strconv.Atoi(m[2])
				last, _ := strconv.Atoi(m[4])
				for n := first; n <= last; n++ {
					l.later[fmt.Sprintf("%s-%02d", m[1], n)] = true
				}
			}
		case requirementID.MatchString(fields[0]) && len(fields) > 1 && len(fields) <= 1+maxWords:
			if _, twice := l.words[fields[0]]; twice {
				return nil, fmt.Errorf("%s:%d: %s is there twice", path, number, fields[0])
			}
			l.ids = append(l.ids, fields[0])
			l.words[fields[0]] = strings.Join(fields[1:], " ")
		default:
			return nil, fmt.Errorf("%s:%d: want an id and one to %d words", path, number, maxWords)
		}
	}
	for _, id := range l.ids {
		if l.later[id] {
			return nil, fmt.Errorf("%s: %s is both of this release and later", path, id)
		}
	}
	return l, nil
}

var (
	// cites matches an id, and a range such as H-22…H-27 by its ends.
	cites = regexp.MustCompile(`\b([A-Z])-(\d\d)(?:(?: to |…|\.\.)([A-Z])-(\d\d))?\b`)
	tests = regexp.MustCompile(`(_test\.go|\.(test|spec)\.tsx?|\.txtar|_test\.py)$`)
)

// citations finds which tests cite which requirement. Packages for tests count:
// the contract suites are in them.
func citations(root string) (map[string][]string, error) {
	cited := make(map[string][]string)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		if d.IsDir() {
			if slices.Contains([]string{".git", "node_modules", "dist", "bin", "sekisho-data", "coverage"}, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		forTests := strings.HasSuffix(filepath.Base(filepath.Dir(relative)), "test") && strings.HasSuffix(relative, ".go")
		if !forTests && !tests.MatchString(relative) {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range cites.FindAllStringSubmatch(string(content), -1) {
			first, _ := strconv.Atoi(m[2])
			last := first
			if m[3] == m[1] {
				last, _ = strconv.Atoi(m[4])
			}
			for n := first; n <= last; n++ {
				id := fmt.Sprintf("%s-%02d", m[1], n)
				if !slices.Contains(cited[id], relative) {
					cited[id] = append(cited[id], relative)
				}
			}
		}
		return nil
	})
	return cited, err
}
