# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Bash completion for keystone-measure. Needs nothing but bash 4.

# Sets `options` to what the command takes.
_keystone_measure_options() {
    local enclave='--eapp --runtime --loader --profile --loader-raw'
    local host='--untrusted-size --untrusted-ptr --stack-size --freemem --runtime-stack'
    host+=' --runtime-entry --user-entry'
    local window='--platform --base --size --fill'
    local common='-h --help --json -q --quiet'
    local output='-o --output'
    case $1 in
        '')              options='-h --help --version' ;;
        enclave)         options="$enclave $host --max-memory --format $output $common" ;;
        sm)              options="$window --format $output $common" ;;
        image)
            options="$enclave $host --max-memory --base --size --utm-base --map $output $common"
            ;;
        explain)
            options="$enclave $host --max-memory --pages --html --svg $output $common"
            ;;
        diff)            options="--limit --allow-outside $output $common" ;;
        diagnose)
            options="--report --hash --eapp --runtime --loader --sm --time-limit $output $common"
            ;;
        profiles)        options="$output $common" ;;
        platforms)       options="$output $common" ;;
        golden)          options='-h --help' ;;
        'golden add')    options="--name $enclave $host --sm $window --allow-outside $common" ;;
        'golden remove') options="--name --allow-outside $common" ;;
        'golden update') options="--allow-outside $common" ;;
        'golden check')  options="--jobs --format --allow-outside $output $common" ;;
        *)               options='' ;;
    esac
}

# Completes `cur` to a file name.
_keystone_measure_files() {
    # Quoted and with a slash behind folders, where bash is asked by a user and not by a test.
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_keystone_measure() {
    local commands='enclave sm image explain diff diagnose profiles platforms golden'
    local golden='add remove update check'
    local profiles='keystone-loader-rv64 keystone-loader-rv32 rust-sdk-0.3 keystone-v1'
    profiles+=' keystone-v1-rv32 pagewalk-v0.3 pagewalk-v0.2 pagewalk-v0.1'
    local platforms='generic visionfive2 unmatched miralis cva6 mpfs'
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' next=1 options values
    COMPREPLY=()

    # The command comes first: one word, or two for `golden`.
    if ((COMP_CWORD > 1)); then
        command=${COMP_WORDS[1]}
        next=2
        if [[ $command == golden ]] && ((COMP_CWORD > 2)); then
            command="golden ${COMP_WORDS[2]}"
            next=3
        fi
    fi

    # Bash makes three words of --profile=P.
    if [[ $cur == '=' ]]; then
        cur=''
    elif [[ $prev == '=' ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi

    case $prev in
        --eapp | --runtime | --loader | --sm | --report | --html | --svg | -o | --output)
            _keystone_measure_files
            return
            ;;
        --profile) values=$profiles ;;
        --platform) values=$platforms ;;
        --format)
            values='hex json c-header'
            [[ $command == 'golden check' ]] && values='text json junit sarif github'
            ;;
        --name | --base | --size | --fill | --jobs | --utm-base | --max-memory) return ;;
        --limit | --hash | --time-limit) return ;;
        --untrusted-size | --untrusted-ptr | --stack-size | --freemem) return ;;
        --runtime-stack | --runtime-entry | --user-entry) return ;;
        *)
            _keystone_measure_options "$command"
            if [[ $cur == -* ]]; then
                values=$options
            elif ((next == 1)); then
                values=$commands
            elif [[ $command == golden ]]; then
                values=$golden
            elif [[ $command == sm || $command == diff || $command == 'golden '* ]]; then
                _keystone_measure_files
                return
            else
                values=$options
            fi
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur")
}

complete -F _keystone_measure keystone-measure
