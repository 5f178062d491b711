// Command generate makes the list that package leaked embeds, from a text with
// one password a line.
//
//	go run ./internal/credential/leaked/generate -in passwords.txt -out internal/credential/leaked/forms.txt
//
// The list in the repository comes from the dictionary "passwords" of the npm
// package @zxcvbn-ts/language-common 4.1.3 (MIT).
package main

import (
	"bufio"
	"flag"
	"log"
	"os"
	"slices"
	"strings"

	"sekisho/internal/credential/leaked"
)

// alsoTried are words that are tried here because of what this is.
var alsoTried = []string{"sekisho", "amazon", "amazonaws", "awsaws", "identity", "identitycenter", "iamuser", "changeme", "temporary", "onetime", "initial"}

func main() {
	in := flag.String("in", "", "passwords, one a line")
	out := flag.String("out", "", "list to write")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		log.Fatal(err)
	}
}

func run(in, out string) error {
	f, err := os.Open(in)
	if err != nil {
		return err
	}
	defer f.Close()
	var forms []string
	for _, w := range alsoTried {
		forms = append(forms, leaked.Forms(w)...)
	}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		forms = append(forms, leaked.Forms(lines.Text())...)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	forms = slices.DeleteFunc(forms, func(s string) bool { return len(s) < 4 || len(s) > 64 })
	slices.Sort(forms)
	forms = slices.Compact(forms)
	return os.WriteFile(out, []byte(strings.Join(forms, "\n")+"\n"), 0o644)
}
