# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Bash completion for keystone-attestd. Needs nothing but bash 4.

# Sets `options` to what the command takes.
_keystone_attestd_options() {
    local common='-h --help --json -q --quiet'
    local output='-o --output'
    local place='--state --config'
    case $1 in
        '')                 options="-h --help --version $place --listen --ear --insecure-http" ;;
        config | token | audit | store | key) options='-h --help' ;;
        'config check')     options="$output $common" ;;
        'token add')        options="$place --role --label --expires $output $common" ;;
        'token list')       options="$place $output $common" ;;
        'token revoke')     options="$place --id $common" ;;
        'audit verify')     options="$place --export --checkpoint --keys $output $common" ;;
        'audit export')     options="$place $output $common" ;;
        'audit checkpoint') options="$place $output $common" ;;
        'store migrate')    options="$place $common" ;;
        'key list')         options="$place $output $common" ;;
        'key rotate')       options="$place --now $output $common" ;;
        *)                  options='' ;;
    esac
}

# Completes `cur` to a file name (-f) or a folder (-d).
_keystone_attestd_files() {
    # Quoted and with a slash behind folders, where bash is asked by a user and not by a test.
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

_keystone_attestd() {
    local commands='config token audit store key'
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' next=1 options values
    COMPREPLY=()

    # The command comes first, two words; without one, the daemon's options.
    if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[1]} != -* ]]; then
        command=${COMP_WORDS[1]}
        next=2
        if [[ $command == @(config|token|audit|store|key) ]] && ((COMP_CWORD > 2)); then
            command+=" ${COMP_WORDS[2]}"
            next=3
        fi
    fi

    # Bash makes three words of --ear=draft.
    if [[ $cur == '=' ]]; then
        cur=''
    elif [[ $prev == '=' ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi

    case $prev in
        --config | --export | --checkpoint | --keys | -o | --output)
            _keystone_attestd_files -f
            return
            ;;
        --state)
            _keystone_attestd_files -d
            return
            ;;
        --ear) values='deployed draft' ;;
        --role) values='admin operator verifier' ;;
        --listen | --label | --expires | --id) return ;;
        *)
            _keystone_attestd_options "$command"
            if [[ $cur == -* ]]; then
                values=$options
            elif ((next == 1)); then
                values=$commands
            elif ((next == 2)); then
                case $command in
                    config) values='check' ;;
                    token)  values='add list revoke' ;;
                    audit)  values='verify export checkpoint' ;;
                    store)  values='migrate' ;;
                    key)    values='list rotate' ;;
                    *)      values='' ;;
                esac
            elif [[ $command == 'config check' ]]; then
                _keystone_attestd_files -f
                return
            else
                values=$options
            fi
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur")
}

complete -F _keystone_attestd keystone-attestd
