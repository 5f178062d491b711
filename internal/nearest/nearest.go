// Package nearest finds what somebody may have meant who wrote a name that does
// not exist: a key of a file, a flag, an environment variable.
package nearest

import "sort"

// Hint returns `; did you mean "x"?` with the closest known name, or "" when none is close.
func Hint(wrong string, known []string) string {
	sort.Strings(known) // a stable answer among equals
	best, distance := "", max(2, len(wrong)/2)+1
	for _, k := range known {
		if d := edits(wrong, k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return `; did you mean "` + best + `"?`
}

// edits is the Levenshtein distance in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
