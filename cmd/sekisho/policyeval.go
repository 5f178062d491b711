package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sekisho/internal/policy"
	"sekisho/internal/policy/scenario"
)

type policyEvalCmd struct {
	Files   []string `arg:"" optional:"" name:"file" type:"existingfile" help:"Scenario files; without any, those that are built in."`
	Verbose bool     `short:"v" help:"Show for each request what every policy said."`
}

// Run decides every request of the scenarios and says where the decision is not
// the one that is written down.
func (c *policyEvalCmd) Run(e *env) error {
	all, err := c.scenarios()
	if err != nil {
		return err
	}
	requests, wrong := 0, 0
	for i := range all {
		s := &all[i]
		set, err := s.Set()
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		for j, want := range s.Requests {
			requests++
			x := policy.Explain(s.Request(j), set)
			line := fmt.Sprintf("%-12s %s: %s", x.Decision, s.Name, want.Name)
			if x.Decision != want.Expect || x.Layer != want.Layer || x.Reason != want.Message {
				wrong++
				line += "\n  expected: " + decided(want.Expect, want.Layer, want.Message) + "\n  decided:  " + decided(x.Decision, x.Layer, x.Reason)
			}
			if _, err := fmt.Fprintln(e.out, line); err != nil {
				return err
			}
			if c.Verbose {
				if _, err := fmt.Fprint(e.out, layersText(x)); err != nil {
					return err
				}
			}
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %s decided otherwise than the scenarios expect", wrong, count(requests, "request"))
	}
	_, err = fmt.Fprintln(e.out, count(requests, "request"), "decided as expected")
	return err
}

// decided is a decision, the layer that made it and, of a denial, the reason.
func decided(decision, layer, reason string) string {
	if reason == "" {
		return decision + " by the " + layer
	}
	return decision + " by the " + layer + ", " + reason
}

func (c *policyEvalCmd) scenarios() ([]scenario.Scenario, error) {
	if len(c.Files) == 0 {
		return scenario.All()
	}
	var all []scenario.Scenario
	for _, name := range c.Files {
		list, err := scenario.Load(oneFile{os.DirFS(filepath.Dir(name)), filepath.Base(name)})
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("%s: scenario files are named *.json", name)
		}
		all = append(all, list...)
	}
	return all, nil
}

// oneFile is a directory that has only the one file that was named.
type oneFile struct {
	fs.FS
	name string
}

// ReadDir implements fs.ReadDirFS.
func (o oneFile) ReadDir(string) ([]fs.DirEntry, error) {
	info, err := fs.Stat(o.FS, o.name)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{fs.FileInfoToDirEntry(info)}, nil
}
