package org

// shape is what a part of a management policy may have. AWS documents the syntax
// of each type; where it does not say what is allowed, everything is.
type shape struct {
	open   bool             // nothing is known of it
	fields map[string]shape // by name
	each   *shape           // of members with names that the author chooses
	most   int              // such members; 0 for any number
	leaf   leaf
	values []string // that a leaf may have; nil for any
	needs  []string // fields that it has to have when all is merged
}

// leaf is what kind of value a setting has.
type leaf uint8

const (
	noLeaf   leaf = iota
	oneLeaf       // a string, number or boolean
	manyLeaf      // a list of them
)

var (
	anything = shape{open: true}
	one      = shape{leaf: oneLeaf}
	many     = shape{leaf: manyLeaf}
)

func oneOf(values ...string) shape            { return shape{leaf: oneLeaf, values: values} }
func chosen(s shape, most int) shape          { return shape{each: &s, most: most} }
func with(fields map[string]shape) shape      { return shape{fields: fields} }
func (s shape) needing(n ...string) shape     { s.needs = n; return s }
func state(values ...string) map[string]shape { return map[string]shape{"state": oneOf(values...)} }

// tagsShape is of tag policies: tags/<policy key>.
var tagsShape = chosen(with(map[string]shape{
	"tag_key": one, "tag_value": many, "enforced_for": many, "report_required_tag_for": many,
}), 0)

// optOutShape is of AI services opt-out policies: services/<service or "default">.
var optOutShape = chosen(with(map[string]shape{"opt_out_policy": oneOf("optIn", "optOut")}).needing("opt_out_policy"), 0)

var (
	lifecycle = with(map[string]shape{
		"move_to_cold_storage_after_days": one, "delete_after_days": one, "delete_after_event": one, "opt_in_to_archive_for_supported_resources": one,
	})
	backupTags = chosen(with(map[string]shape{"tag_key": one, "tag_value": one}), 0)
	backupRule = with(map[string]shape{
		"schedule_expression": one, "schedule_expression_timezone": one, "start_backup_window_minutes": one, "complete_backup_window_minutes": one,
		"target_backup_vault_name": one, "target_logically_air_gapped_backup_vault_arn": one, "enable_continuous_backup": one,
		"lifecycle": lifecycle, "recovery_point_tags": backupTags,
		"copy_actions":  chosen(with(map[string]shape{"target_backup_vault_arn": one, "lifecycle": lifecycle}), 0),
		"index_actions": anything, "scan_actions": anything,
	}).needing("target_backup_vault_name")
)

// plansShape is of backup policies: plans/<plan>.
var plansShape = chosen(with(map[string]shape{
	"regions": many, "rules": chosen(backupRule, 10),
	"selections":               with(map[string]shape{"tags": chosen(anything, 30), "resources": chosen(anything, 30)}),
	"advanced_backup_settings": anything, "backup_plan_tags": backupTags, "scan_settings": anything,
}).needing("regions", "rules", "selections"), 0)

// chatbotShape is of chat applications policies.
var chatbotShape = with(map[string]shape{
	"platforms": chosen(with(map[string]shape{
		"client": oneOf("enabled", "disabled"), "workspaces": many, "teams": anything, "default": anything, "overrides": anything,
	}), 0),
	"default": with(map[string]shape{"client": oneOf("enabled", "disabled")}),
})

// ec2Shape is of declarative policies of EC2.
var ec2Shape = with(map[string]shape{
	"exception_message": one,
	"vpc_block_public_access": with(map[string]shape{"internet_gateway_block": with(map[string]shape{
		"mode": oneOf("off", "block_bidirectional", "block_ingress"), "exclusions_allowed": oneOf("enabled", "disabled"),
	})}),
	"serial_console_access":        with(map[string]shape{"status": oneOf("enabled", "disabled")}),
	"image_block_public_access":    with(state("unblocked", "block_new_sharing")),
	"snapshot_block_public_access": with(state("unblocked", "block_all_sharing", "block_new_sharing")),
	"allowed_images_settings": with(map[string]shape{
		"state": oneOf("enabled", "disabled", "audit_mode"), "image_criteria": chosen(anything, 10),
	}),
	"instance_metadata_defaults": anything,
})

// regionsShape is of Security Hub policies.
var regionsShape = with(map[string]shape{"enable_in_regions": many, "disable_in_regions": many})
