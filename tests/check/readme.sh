#!/bin/sh
#
# readme.sh [--clone] [TREE] - the documentation's commands run.
#
# A block that begins with "```sh" in README.md or docs/*.md is run command by
# command in a folder and home made for its file.  A command succeeds, or ends
# with "# exit N", the status it must have.  In a manual page the same is done
# with the lines of EXAMPLES that are between .EX and .EE.
#
# A block "```sh clone" needs the sources; with --clone, those blocks alone are
# run, in a fresh clone.  Without it they are left out.
set -eu
clone=false
if [ "${1:-}" = --clone ]; then
	clone=true
	shift
fi
tree=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
build=$(cd "${MINICA_BUILD:-$tree/build}" && pwd)
PATH=$build:$PATH
export PATH
unset MINICA_HOME XDG_DATA_HOME

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-readme.XXXXXX")
trap 'rm -rf "$work"' EXIT

# blocks FILE LANGUAGE: the lines of its blocks in that language
blocks() {
	awk -v language="$2" '
	/^```/ && !inside {
		inside = 1
		wanted = substr($0, 4) == language
		next
	}
	/^```/ { inside = 0; wanted = 0; next }
	wanted' "$1"
}

# examples FILE: the example lines of a manual page, without roff's escapes
examples() {
	awk '
	/^\.SH/ { examples = /EXAMPLES?/ }
	/^\.EE/ { inside = 0 }
	examples && inside
	/^\.EX/ { inside = 1 }' "$1" |
	    sed -e 's/\\-/-/g' -e 's/\\(aq/'"'"'/g' -e 's/\\(dq/"/g' \
		-e 's/\\&//g' -e 's/\\e/\\/g' -e 's/^\$ //'
}

# No command may hide in a block of another kind.
unmarked() {
	awk '
	/^```/ && !inside {
		inside = 1
		marked = $0 ~ /^```sh( clone)?$/
		next
	}
	/^```/ { inside = 0; next }
	inside && !marked && /^(\$ )?minica / {
		print FILENAME ":" FNR ": not in a block that is run: " $0
		found = 1
	}
	END { exit found }' "$1" >&2
}

# run_commands NAME: runs the lines of its input here
run_commands() {
	command=
	while IFS= read -r line; do
		case $line in
		*\\)
			command="$command${line%\\}"
			continue
			;;
		esac
		command=$command$line
		case $command in
		'' | '#'* | ./quickstart.sh* | ./test.sh*)
			# .ci/run runs those two itself.
			command=
			continue
			;;
		esac
		wanted=$(printf '%s\n' "$command" |
		    sed -n 's/.*# exit \([0-9]*\).*/\1/p')
		got=0
		eval "$command" >"$work/output" 2>&1 </dev/null || got=$?
		if [ "$got" -ne "${wanted:-0}" ]; then
			echo "$1: exit status $got, not ${wanted:-0}: $command"
			sed 's/^/	/' "$work/output"
			return 1
		fi >&2
		echo "$1: $command"
		command=
	done
}

# in_new_folder NAME: runs the commands of its input in a folder of their own
in_new_folder() {
	mkdir "$work/folder"
	HOME=$work/folder/home
	export HOME
	mkdir "$HOME"
	if "$clone"; then
		git clone --quiet "$tree" "$work/folder/clone"
		cd "$work/folder/clone"
	else
		cd "$work/folder"
	fi
	run_commands "$1"
	cd "$work"
	rm -rf "$work/folder"
}

language='sh'
if "$clone"; then
	language='sh clone'
fi
for file in "$tree"/README.md "$tree"/docs/*.md; do
	[ -e "$file" ] || continue
	unmarked "$file"
	blocks "$file" "$language" >"$work/commands"
	[ ! -s "$work/commands" ] ||
	    in_new_folder "${file#"$tree"/}" <"$work/commands"
done
"$clone" || for file in "$tree"/docs/man/*; do
	[ -e "$file" ] || continue
	examples "$file" >"$work/commands"
	[ ! -s "$work/commands" ] ||
	    in_new_folder "${file#"$tree"/}" <"$work/commands"
done
