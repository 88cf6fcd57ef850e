// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

/** The program, for any POSIX shell, that turns a process into a JVM with the first stage. Any thread. */
final class BootScript {
    /*
     * Its arguments are the java program (or nothing), the name for the process list, the jar in base64, and the JVM's
     * options. It adds a collector to these when neither they nor the environment choose one: a JVM refuses two; and what keeps
     * a JVM that the environment has log from logging into the FIFO that it reads itself: see JvmLogOption. It takes nothing
     * from its surroundings for granted: options of the shell that the environment sets, PATH, umask, HOME, the working
     * directory and /tmp may all be odd, and tools missing.
     *
     * The link. To open /dev/fd/3 and 4 anew is the cheap way for a JVM to get at them, and what the first stage tries. It
     * works when they are pipes of the same user. Otherwise (sshd makes sockets, su and sudo change the user) the JVM makes
     * its streams of the bare numbers, and needs the option for it that is added at the end.
     *
     * Which java. When none was chosen, the first of many places whose `release` file says 17 or more; else the first that
     * has no such file. No JVM is run to find out. A script in the place of a java runs under its own name, by which it may look
     * for the real one; that alone costs the name in the process list.
     *
     * Which modules. An image may have more than the JDK's, of the program or of this library, and the JDK would find their
     * services before those of the program that is sent. So its JVM is limited to the modules of the JDK.
     *
     * Which loader. The first stage is the system class loader (decision 23). JVMs warn of that, older ones as of anything and newer
     * ones in their log, on an output that is read by the JVM itself.
     *
     * Which folder. RAM disks first; of the others, those first that are cleaned when a machine starts.
     *
     * Who makes and deletes it: a background shell, so that whatever happens to this one, KILL included, somebody is there to
     * delete it. It is started by a shell that ends at once: its parent is then init and not the JVM, which would never take
     * notice of its end and keep it as a zombie, and who ends this shell and all below it does not find it. It deletes the
     * folder as soon as the first stage writes to the FIFO `gone` or everybody who has that open for writing has ended,
     * whichever comes first. Until this shell has it open, which a first line in it tells, the background shell looks
     * whether this one lives, often at first. When no other process can be started, it deletes the folder as it ends, for which it needs none.
     *
     * What hangs before the first stage. Agents may print there, and stop when descriptor 1 is full, or for ever: the JVM looks at
     * the link no earlier than in the first stage. So another shell passes on to standard error what is printed,
     * and tries with an empty line whether anybody still has the other end of that: if not, it kills those who have `gone` open for
     * writing as descriptor 5, a script in the place of java and what that started alike, and the folder goes as well. It ends with
     * the first stage, or when the folder is gone. It has the FIFO open itself, so that its cat never waits for another writer, and
     * ends with it.
     *
     * Signals of terminals and impatient parents are ignored until all this is in place.
     */
    static final String TEXT = """
            set +eufCvx
            trap "" HUP INT QUIT TERM
            exec 3<&0 4>&1 </dev/null >&2
            printf "\\nMITOSH\\n" >&4
            fail() { printf "\\nMITOERR %s\\n" "$*" >&4; exit 1; }
            j=$1 n=$2 b=$3 o=$PATH
            shift 3
            PATH=$o:/usr/local/bin:/usr/bin:/bin
            case $(pwd -P 2>/dev/null) in /*) ;; *) cd /;; esac

            g='/usr/lib*/jvm/* /usr/java/* /usr/local/* /usr/local/*/* /usr/local/sdkman/candidates/java/* /opt/* /opt/*/* \
            /opt/homebrew/opt/openjdk* /home/linuxbrew/.linuxbrew/opt/openjdk* /snap/openjdk*/current/jdk \
            /nix/var/nix/profiles/default /run/current-system/sw \
            ~/.sdkman/candidates/java/* ~/.asdf/installs/java/* ~/.local/share/mise/installs/java/* ~/.jenv/versions/* \
            ~/.jabba/jdk/* ~/.jdks/* ~/.gradle/jdks/* ~/.gradle/jdks/*/* ~/.nix-profile'
            p= q= f= s= l=
            see() {
              [ -z "$p" ] && [ -f "$1" ] && [ -x "$1" ] || return
              v= l= r=${1%/*/*}/release
              [ -r "$r" ] || { r=$(readlink -f "$1"); r=${r%/*/*}/release; }
              [ -r "$r" ] || r=${r%/*/*}/release
              [ -r "$r" ] && while IFS='="' read -r k x y z; do
                case $k in JAVA_VERSION) v=$y;; MODULES) l=$y;; esac
              done <"$r"
              m=${v#1.}
              m=${m%%[!0-9]*}
              if [ -z "$m" ]; then q=${q:-$1}; elif [ "$m" -ge 17 ]; then p=$1 s=$l; else f="$f${f:+, }$v in $1"; fi
            }
            if [ -n "$j" ]; then
              w="$j with PATH=$o"
              see "$(command -v "$j")"
            else
              w="JAVA_HOME=$JAVA_HOME, PATH=$o, bin/java in $g"
              see "$JAVA_HOME/bin/java"
              see "$(command -v java)"
              for i in $g; do
                case $i in [~]*) for c in "$HOME"${i#?}; do see "$c/bin/java"; done;; *) see "$i/bin/java";; esac
              done
            fi
            p=${p:-$q}
            [ -n "$p" ] || [ -z "$f" ] || fail java-old "$f; looked for: $w"
            [ -n "$p" ] || fail no-java "looked for: $w"
            case $p in /*) ;; *) p=$PWD/$p;; esac

            dec() {
              a=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
              while [ -n "$b" ]; do
                q=$(printf %.64s "$b")
                b=${b#"$q"}
                while [ -n "$q" ]; do
                  v=0
                  for i in 1 2 3 4; do r=${q#?}; c=${q%"$r"} q=$r; c=${a%%"$c"*}; v=$((v*64+${#c})); done
                  for i in 16 8 0; do x=$((v>>i)); printf "\\\\$((x>>6&3))$((x>>3&7))$((x&7))" || return; done
                done
              done
            }
            jar() { if command -v base64 >/dev/null; then printf %s "$b" | base64 -d; else dec; fi; }
            fill() {
              mkfifo "$d/gone" "$d/out" || { mknod "$d/gone" p && mknod "$d/out" p; } || return
              jar >"$d/boot.jar" && ln -s "$p" "$d/$n" && [ -x "$d/$n" ]
            }
            at() {
              case $1 in /*) ;; *) return 1;; esac
              for i in 0 1 2 3; do
                d=$1/mitogen.$$.$i e="no such name is free"
                [ ! -e "$d" ] || continue
                e=$(mkdir "$d" 2>&1) || break
                trap 'exec rm -rf "$d"' 0
                e=$(fill 2>&1) && return
                rm -rf "$d"
                trap - 0
                break
              done
              w="$w $1: ${e:-no java behind a link there};"
              return 1
            }
            guard() {
              c=; trap 'kill -9 $c $!; exit' TERM
              exec 8<>"$d/out"
              cat "$d/out" 8>&- & c=$!
              while sleep 2 & wait $!; [ -p "$d/out" ]; do
                echo || { kill -9 $$; for i in /proc/[0-9]*; do [ $i/fd/5 -ef "$d/gone" ] && kill -9 ${i#/proc/}; done; }
              done
              kill -9 $c
            }
            keep() {
              trap "" PIPE
              umask 077
              w= t=0
              at /dev/shm || at "$XDG_RUNTIME_DIR" || at "/run/user/$(id -u)" || at "$TMPDIR" || at /tmp || at /var/tmp ||
                at "$HOME" || at "$PWD" || { set -f; fail no-folder $w; }
              exec 5<>"$d/gone" 6<"$d/gone" 5<&- 4>&- 3<&- 7>&2 2>/dev/null
              printf %s "$d"
              exec >&2
              until read x <&6 || ! kill -0 $$; do sleep $((t/50)); t=$((t+1)); done
              guard >&7 & t=$!
              read x <&6
              kill $t
              exit
            }
            d=$( (keep &) )
            [ -n "$d" ] || exit
            exec 5<>"$d/gone" 1<>"$d/out"
            echo >&5
            v=-XX:+UseSerialGC
            for c in $JDK_JAVA_OPTIONS $JAVA_TOOL_OPTIONS $_JAVA_OPTIONS "$@"; do case $c in -XX:+Use*GC) v=;; esac; done
            case "$JDK_JAVA_OPTIONS $JAVA_TOOL_OPTIONS" in *-Xlog*|*-verbose*) v="$v -Xlog:all=off:stdout -Xlog:all=warning,cds=off:stderr";; esac
            m= x=
            for i in $s; do case $i in java[.f]*|jdk.*|org.graalvm.*|openj9.*) m=$m,$i;; *) x=--limit-modules=;; esac; done
            set -- $v -XX:-PrintWarnings -Xlog:cds=off $x${x:+${m#,}} "$@"
            [ -p /dev/fd/3 ] && [ -r /dev/fd/3 ] && [ -p /dev/fd/4 ] && [ -w /dev/fd/4 ] ||
              set -- --add-opens=java.base/java.io=ALL-UNNAMED "$@"
            n=$d/$n
            [ -r "$p" ] && read -r x <"$p"
            case $x in '#!'*) n=$p;; esac
            PATH=$o
            trap - HUP INT QUIT TERM
            exec "$n" "$@" -Djava.system.class.loader=FirstStage -cp "$d/boot.jar" FirstStage "$d"
            """.replaceAll("(?m)^\\s+", "")
            .replaceAll("(?<!\\{|do|then|else|[|]|;;)\n", ";") // a line end takes five characters on the way
            .replace('\n', ' ')
            .replaceAll("; (?!looked)", ";");

    private BootScript() {}
}
