package iam_test

import (
	"strings"
	"testing"

	"sekisho/internal/iam"
)

// The id of a task is task, path, role and something that makes it unique
// (behaviours.md 1.3).
func FuzzSplitDeletionTask(f *testing.F) {
	for _, id := range []string{
		"task/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch/9f6a2b1c-0000-4000-8000-000000000000",
		"task/aws-service-role/a/b/c/d", "task/aws-service-role///", "task/", "", "task/aws-service-role/" + strings.Repeat("x", 1000) + "/a/b",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		path, role, ok := iam.SplitDeletionTask(id)
		if !ok {
			if path != "" || role != "" {
				t.Errorf("%q: %q, %q", id, path, role)
			}
			return
		}
		rest, found := strings.CutPrefix(id, "task"+path+role+"/")
		if !found || rest == "" || role == "" || strings.Contains(role+rest, "/") || !strings.HasPrefix(path, iam.ServiceLinkedPath) || len(id) > 1000 {
			t.Errorf("%q: %q, %q", id, path, role)
		}
	})
}
