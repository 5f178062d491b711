package arch

import (
	"strings"
	"testing"
)

const page = `# Page

### Layers

| layer | packages | may import |
|---|---|---|
| leaf | ` + "`internal/fault` `internal/x/*`" + ` | nothing |
| root | ` + "`internal/app`" + ` | everything |

### Outside the house

| import | rule |
|---|---|
| ` + "`net/http`" + ` | never leaf |
| ` + "`database/sql` `example.org/driver/...`" + ` | only root |

### Exceptions

| package | imports | reason |
|---|---|---|
| ` + "`internal/x/y` | `internal/app`" + ` | because |

### Long files

| file | reason |
|---|---|
| ` + "`a/b.go`" + ` | a table |
`

func TestParse(t *testing.T) {
	t.Parallel()
	r, err := parse(page)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.layers) != 2 || len(r.bans) != 2 || len(r.exceptions) != 1 || len(r.longFiles) != 1 {
		t.Fatalf("rows are missing: %+v", r)
	}
	if l, _ := r.layerOf("internal/x/y"); l != "leaf" {
		t.Errorf("internal/x/y is in layer %q", l)
	}
	if l, ok := r.layerOf("internal/z"); ok {
		t.Errorf("internal/z is in layer %q", l)
	}
	if r.mayImport("leaf", "root") || !r.mayImport("root", "leaf") {
		t.Error("the layers are the wrong way round")
	}
	if !r.excepted("internal/x/y", "internal/app") || r.excepted("internal/x/z", "internal/app") {
		t.Error("exceptions are not read")
	}
	if !r.bans[1].only || r.bans[0].only || !r.bans[1].matches("example.org/driver/v5") || r.bans[1].matches("example.org/driverless") {
		t.Errorf("bans are not read: %+v", r.bans)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]string{
		"a missing table":        strings.Replace(page, "### Exceptions", "### Other", 1),
		"a row without a reason": strings.Replace(page, "| because |", "| |", 1),
		"an unclear rule":        strings.Replace(page, "never leaf", "not leaf", 1),
	} {
		if _, err := parse(broken); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
