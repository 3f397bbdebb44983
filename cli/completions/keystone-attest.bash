# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Bash completion for keystone-attest. Needs nothing but bash 4.

# Sets `options` to what the command takes.
_keystone_attest_options() {
    local common='-h --help --json -q --quiet'
    local output='-o --output'
    local report='--input-format --allow-trailing'
    local trusted='--policy --device-key --sm-hash --enclave-hash --waive'
    local challenge='--nonce --nonce-prefix --data --channel-binding --issued --expires --max-age'
    local change='--policy --drop-comments'
    local validity='--not-before --not-after'
    local board='--device-key --platform --firmware --boot-rom --base --size --fill'
    local enclave='--profile --eapp --runtime --loader --user-entry'
    local secret='--print-secret-keys'
    case $1 in
        '')                 options='-h --help --version' ;;
        verify)             options="$report $trusted $challenge --now --batch --jobs $output $common" ;;
        report | policy)    options='-h --help' ;;
        reference | device) options='-h --help' ;;
        emulate)            options='-h --help' ;;
        'report show')      options="$report $output $common" ;;
        'report convert')   options="$report --to $output $common" ;;
        'report scrub')     options="$report $output $common" ;;
        'policy check')     options="--now $output $common" ;;
        'reference add')    options="$change --name $validity $common" ;;
        'reference list')   options="--policy $output $common" ;;
        'reference remove') options="$change --name $common" ;;
        'reference revoke') options="$change --name --reason --now $common" ;;
        'device add')       options="$change --name --key $validity $common" ;;
        'device list')      options="--policy $output $common" ;;
        'device revoke')    options="$change --name --reason --now $common" ;;
        request)
            options="--policy --nonce --nonce-size --evidence-command --evidence-timeout --evidence"
            options+=" --emulate $board $enclave --ca --cert --key --token-file --ear-key --ear-out --timeout"
            options+=" --retries $output $common"
            ;;
        'emulate keygen')   options="--seed $secret $output $common" ;;
        'emulate boot')     options="$board $output $common" ;;
        'emulate attest')
            options="$board $enclave --nonce --data --format --dirty-tail $output $common"
            ;;
        'emulate seal')     options="$board $enclave --ident $secret $common" ;;
        'emulate run-script') options="$board $secret $common" ;;
        'emulate negatives') options="--seed $common" ;;
        'emulate serve')
            options="--listen --protocol $board $enclave --format --bind --timeout"
            options+=" --max-connections --requests --allow-remote $common"
            ;;
        *)                  options='' ;;
    esac
}

# Completes `cur` to a file name.
_keystone_attest_files() {
    # Quoted and with a slash behind folders, where bash is asked by a user and not by a test.
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_keystone_attest() {
    local commands='verify report policy reference device request emulate'
    local report='show convert scrub'
    local policy='check'
    local reference='add list remove revoke'
    local device='add list revoke'
    local emulate='keygen boot attest seal run-script negatives serve'
    local profiles='keystone-loader-rv64 keystone-loader-rv32 rust-sdk-0.3 keystone-v1
        keystone-v1-rv32 pagewalk-v0.3 pagewalk-v0.2 pagewalk-v0.1'
    local platforms='generic visionfive2 unmatched miralis cva6 mpfs'
    local formats='fixed compact json'
    local checks='test_device_key= sm_key_strength= sm_hash= enclave_hash= report_data= freshness='
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' next=1 options values
    COMPREPLY=()

    # The command comes first: one word, or two.
    if ((COMP_CWORD > 1)); then
        command=${COMP_WORDS[1]}
        next=2
        if [[ $command == @(report|policy|reference|device|emulate) ]] && ((COMP_CWORD > 2)); then
            command+=" ${COMP_WORDS[2]}"
            next=3
        fi
    fi

    # Bash makes three words of --to=json.
    if [[ $cur == '=' ]]; then
        cur=''
    elif [[ $prev == '=' ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi

    # A key of `verify` is hex digits, and that of an emulated device a file.
    if [[ $prev == --device-key && ($command == 'emulate '* || $command == request) ]]; then
        prev=--firmware
    fi
    # A policy of `request` is a name that the server knows, and its key a file.
    if [[ $command == request ]]; then
        case $prev in
            --policy) return ;;
            --key) prev=--cert ;;
        esac
    fi

    case $prev in
        --policy | --firmware | --eapp | --runtime | --loader | -o | --output | --evidence | --ca | \
            --cert | --token-file | --ear-key | --ear-out)
            _keystone_attest_files
            return
            ;;
        --input-format | --to | --format) values=$formats ;;
        --profile) values=$profiles ;;
        --platform) values=$platforms ;;
        --boot-rom) values='upstream sound' ;;
        --protocol) values='keystone-demo wasm-demo schannel-demo raw' ;;
        --waive)
            values=$checks
            # The reason is to be typed behind the equals sign.
            compopt -o nospace 2>/dev/null
            ;;
        --device-key | --sm-hash | --enclave-hash | --nonce | --nonce-prefix | --data) return ;;
        --channel-binding | --issued | --expires | --max-age | --now) return ;;
        --name | --key | --reason | --not-before | --not-after) return ;;
        --seed | --base | --size | --fill | --user-entry | --dirty-tail | --ident) return ;;
        --listen | --timeout | --max-connections | --requests) return ;;
        --nonce-size | --evidence-command | --evidence-timeout | --retries) return ;;
        *)
            _keystone_attest_options "$command"
            if [[ $cur == -* ]]; then
                values=$options
            elif ((next == 1)); then
                values=$commands
            elif ((next == 2)) && [[ $command != @(verify|request) ]]; then
                case $command in
                    report)    values=$report ;;
                    policy)    values=$policy ;;
                    reference) values=$reference ;;
                    device)    values=$device ;;
                    emulate)   values=$emulate ;;
                    *)         values='' ;;
                esac
            elif [[ $command == @(verify|request) || $command == 'report '* || $command == 'policy check' ||
                $command == 'reference add' || $command == 'emulate run-script' ||
                $command == 'emulate negatives' ]]; then
                _keystone_attest_files
                return
            else
                values=$options
            fi
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur")
}

complete -F _keystone_attest keystone-attest
