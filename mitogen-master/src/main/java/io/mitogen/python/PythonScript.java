// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

/** The two programs that turn a process into a Python interpreter that runs Mitogen. Any thread. */
final class PythonScript {
    /**
     * For any POSIX shell: looks for an interpreter and becomes it. Its arguments are the interpreter, or nothing, then what the
     * {@link #FIRST_STAGE} is given, then that. It reads nothing: what comes on the link is for the first stage.
     */
    static final String SHELL = """
            set +eufCvx
            printf '\\nMITOSH\\n'
            fail() { printf '\\nMITOERR %s\\n' "$*"; exit 1; }
            j=$1 n=$2 z=$3 m=$4 s=$5 o=$PATH
            PATH=$o:/usr/local/bin:/usr/bin:/bin
            case $(pwd -P 2>/dev/null) in /*) ;; *) cd /;; esac
            if [ -n "$j" ]; then
              w="$j with PATH=$o"
              p=$(command -v "$j")
            else
              c='python3 python /usr/libexec/platform-python python2 python2.7'
              w="$c with PATH=$o"
              for j in $c; do p=$(command -v "$j") && break; done
            fi
            case $p in */*) [ -f "$p" ] && [ -x "$p" ] ;; *) false;; esac || fail no-python "looked for: $w"
            PATH=$o
            exec "$p" -c "$s" "$n" "$z" "$m" "$p"
            """.replaceAll("(?m)^\\s+", "");

    /** Where {@code mitogen.core} is told to look for the link. By itself it would at 100, and some hosts allow a hundred descriptors. */
    static final int LINK_FD = 30;

    /** Where it is told to look for its text. */
    static final int TEXT_FD = 31;

    /*
     * What mitogen.core finds when it begins, as docs/protocol.md says: its own text at descriptor 0, once more at TEXT_FD, the link's
     * two ends at LINK_FD and 1, the interpreter's path in ARGV0. A pipe holds less than the text, so a second process feeds both copies,
     * and ends. The first one is the interpreter, anew: it keeps the process id that the parent watches, and drops what this
     * program made of it. The text is for Python 2.7 and 3.
     */
    static final String FIRST_STAGE =
            """
            import sys
            sys.path=[x for x in sys.path if x]
            import os,select,zlib
            n,z,m,p=sys.argv[1:]
            v=sys.version_info
            p=sys.executable or p
            def say(s):
             s+='\\n'
             if bytes is not str:s=s.encode('utf-8','surrogateescape')
             os.write(1,s)
            if v<(2,7)or(3,)<=v<(3,6)or v[0]*100+v[1]>int(m):
             say('\\nMITOERR python-version %d.%d.%d in %s'%(v[:3]+(p,)))
             sys.exit(1)
            r,w=os.pipe()
            a,b=os.pipe()
            if os.fork():
             os.dup2(0,LINK_FD)
             os.dup2(r,0)
             os.dup2(a,TEXT_FD)
             for f in LINK_FD,TEXT_FD:
              try:os.set_inheritable(f,True)
              except AttributeError:pass
             for f in r,w,a,b:os.close(f)
             os.environ['ARGV0']=p
             os.execl(p,'%s(%s)'%(p,n))
            os.close(r)
            os.close(a)
            say('MITO000')
            d=b''
            while len(d)<int(z):
             select.select([0],[],[])
             c=os.read(0,int(z)-len(d))
             if not c:os._exit(1)
             d+=c
            d=zlib.decompress(d)
            for f in w,b:
             with os.fdopen(f,'wb')as o:o.write(d)
            say('MITO001')
            os._exit(0)
            """.replace("LINK_FD", Integer.toString(LINK_FD)).replace("TEXT_FD", Integer.toString(TEXT_FD));

    private PythonScript() {}
}
