// Streamlit's own words in Portuguese, for what no option of a widget can say. Exact sentences and anchored patterns
// only; what holds a file's text (comments, tables, options, charts) is never looked at. Runs once a page load.
(() => {
  if (window.presencaSpeaks) return;
  window.presencaSpeaks = true;
  document.documentElement.lang = "pt-BR";
  for (const [name, value] of [["language", "pt-BR"], ["languages", ["pt-BR", "pt"]]])
    Object.defineProperty(navigator, name, { get: () => value, configurable: true });
  window.dispatchEvent(new Event("languagechange")); // calendars follow the browser: months, days, order

  const WORDS = {
    "(index)": "(linha)", "(opens in new tab)": "(abre em outra aba)", "(required)": "(obrigatório)",
    "About": "Sobre", "Accounting": "Contábil", "Add files": "Juntar arquivos", "Add row": "Nova linha", "Always rerun": "Sempre refazer",
    "An error has occurred, please try again.": "Algo falhou; tente de novo.", "App pages": "Páginas",
    "Automatic": "Automático", "Autosize": "Ajustar a largura", "Cancel": "Cancelar", "Choose a date": "Escolha um dia",
    "Choose a date range": "Escolha o período", "Choose an option": "Escolha", "Choose date": "Escolher o dia",
    "Choose date range": "Escolher o período", "Choose options": "Escolha", "Clear all": "Tirar todos", "Clear date": "Limpar o dia",
    "Clear dates": "Limpar as datas", "Clear entry": "Limpar", "Clear selection": "Desmarcar tudo", "Clear value": "Limpar",
    "Click to retry upload": "Clique para enviar de novo", "Close": "Fechar", "Close Search": "Fechar a busca",
    "Close fullscreen": "Sair da tela cheia", "Collapse sidebar": "Fechar o menu", "Compact": "Compacto", "Connecting": "Conectando",
    "Connecting...": "Conectando…", "Connection error": "Sem conexão", "Connection timed out.": "A conexão demorou demais.",
    "Copied": "Copiado", "Copy": "Copiar", "Copy column name": "Copiar o nome da coluna", "Copy to clipboard": "Copiar",
    "Dataframe column menu": "Menu da coluna", "Date range": "Período", "Decrement": "Diminuir", "Delete row(s)": "Apagar linhas",
    "Deploy": "Publicar", "Distance": "Há quanto tempo", "Download as CSV": "Baixar em CSV", "Download failed": "O arquivo não pôde ser baixado",
    "Drag and drop a file here": "Arraste um arquivo para cá", "Drag and drop files here": "Arraste arquivos para cá",
    "Expand sidebar": "Abrir o menu", "File change.": "O programa mudou.", "Format": "Formato", "Fullscreen": "Tela cheia",
    "Hide column": "Esconder a coluna", "Hide password": "Esconder a senha", "Increment": "Aumentar", "Invalid input.": "Valor que não serve.",
    "Loading": "Carregando", "Loading...": "Carregando…", "Localized": "Do lugar", "Logo": "Presença", "Main menu": "Menu",
    "Navigate to home page": "Ir para o início", "Network Error": "Falha na rede", "Next": "Seguinte", "Next Result": "Resultado seguinte",
    "Next month": "Mês seguinte", "Next page": "Página seguinte", "No data": "Sem dados", "No options": "Nada a escolher",
    "No options to select": "Nada a escolher", "No results": "Nada encontrado", "Notifications": "Avisos",
    "Only one file is allowed.": "Só um arquivo por vez.", "Open": "Abrir", "Page not found": "Página não encontrada", "Pagination": "Páginas",
    "Percent": "Porcentagem", "Pin column": "Fixar a coluna", "Plain": "Sem formato", "Previous Result": "Resultado anterior",
    "Previous month": "Mês anterior", "Previous page": "Página anterior", "Print": "Imprimir", "Quick select a date range": "Períodos prontos",
    "Remove": "Tirar", "Rerun": "Refazer", "Running...": "Calculando…", "Scientific": "Científico", "Scrollable table": "Tabela",
    "Search": "Buscar", "Select all": "Marcar todas", "Select...": "Escolha", "Selected values": "Escolhidos", "Show password": "Mostrar a senha",
    "Show/hide columns": "Colunas", "Sidebar": "Menu", "Skip to main content": "Ir para o conteúdo", "Sort ascending": "Do menor ao maior",
    "Sort descending": "Do maior ao menor", "Statistics": "Resumo", "Stop": "Parar", "Too many files": "Arquivos demais",
    "Try again": "Tentar de novo", "Type to search": "Escreva o que buscar", "Unknown error": "Falha desconhecida",
    "Unexpected error. Please try again.": "Algo falhou; tente de novo.", "Unpin column": "Soltar a coluna", "Upload": "Escolher arquivo",
    "Upload failed": "O envio falhou", "View less": "Ver menos", "day": "dia", "empty": "sem linhas", "file upload": "enviar arquivo",
    "month": "mês", "view less": "ver menos", "view more": "ver mais", "year": "ano",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": "O aplicativo parou neste computador. Abra-o de novo com:",
    "Streamlit server is not responding. Are you connected to the internet?": "O aplicativo não responde. Confira se ele continua aberto e se há rede.",
    "The page that you have requested does not seem to exist. Running the app's main page.": "Este endereço não existe; você está na página Início.",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "Setas andam pelos dias, Enter escolhe, Esc fecha.",
  };
  const MONTHS = { January: "janeiro", February: "fevereiro", March: "março", April: "abril", May: "maio", June: "junho", July: "julho",
    August: "agosto", September: "setembro", October: "outubro", November: "novembro", December: "dezembro" };
  const dated = (text) => text.replace(/([A-Z][a-z]+) (\d+), (\d{4})/g, (all, month, day, year) => MONTHS[month] ? `${day} de ${MONTHS[month]} de ${year}` : all);
  const sized = (size, unit) => size.replace(".", ",") + " " + unit;
  const PATTERNS = [ // [what Streamlit writes, what it says in Portuguese]; a name in the middle stays as it is
    [/^(\d+(?:\.\d+)?) ?(B|KB|MB|GB)$/, (_, n, unit) => sized(n, unit)],
    [/^(.+), (\d+(?:\.\d+)?)(B|KB|MB|GB)$/, (_, name, n, unit) => `${name}, ${sized(n, unit)}`],
    [/^(?:Limit )?(\d+(?:\.\d+)?) ?([KMG]?B) per file(.*)$/, (_, n, unit, rest) => `até ${sized(n, unit)} por arquivo${rest}`],
    [/^Press (.*)Enter to apply$/, "$1Enter confirma"],
    [/^Press (.*)Enter to submit form$/, "$1Enter envia"],
    [/^Remove (.+)$/, "Tirar $1"],
    [/^Help for (.+)$/, "Ajuda: $1"],
    [/^Page (\d+)$/, "Página $1"],
    [/^View (\d+) more$/, "Ver mais $1"],
    [/^(\d+) options? available\.$/, "Opções: $1."],
    [/^Select (\d+) matches$/, "Marcar as $1 encontradas"],
    [/^Add: (.+)$/, "Acrescentar: $1"],
    [/^(over )?(\d+) results?$/, (_, over, n) => `${over ? "mais de " : ""}${n} ${n === "1" ? "resultado" : "resultados"}`],
    [/^(\d+) of (\d+)$/, "$1 de $2"],
    [/^(Search|Fullscreen|Close fullscreen|Show\/hide columns|Download as CSV|Add row|Delete row\(s\)|Clear selection): (.+)$/, (_, word, name) => `${WORDS[word]}: ${name}`],
    [/^(?:(day|month|year), )?(.+) (start|end) date$/, (_, part, name, end) => `${part ? WORDS[part] + ", " : ""}${name}: ${end === "start" ? "do dia" : "até o dia"}`],
    [/^(dia|mês|ano), (.+) (start|end) date$/, (_, part, name, end) => `${part}, ${name}: ${end === "start" ? "do dia" : "até o dia"}`],
    [/^Choose date range, (.+)$/, "Escolher o período, $1"],
    [/^Choose date, (.+)$/, "Escolher o dia, $1"],
    [/^You can only select up to (\d+) options?\. Remove an option first\.$/, "No máximo $1; tire um antes."],
    [/^(?:\*\*Error\*\*|Error): (.+)$/, (_, why) => `Atenção: ${said(why) ?? why}`],
    [/^Number is outside the allowed range\. Please enter a value between (.+) and (.+)\.$/, "Escreva um número de $1 a $2."],
    [/^Number is below the allowed range\.(?: Please enter a value greater than or equal to (.+)\.)?$/, "O número é menor que o permitido."],
    [/^Number is above the allowed range\.(?: Please enter a value less than or equal to (.+)\.)?$/, "O número é maior que o permitido."],
    [/^: Date set outside allowed range\. (.+)$/, ": este dia fica fora do período do arquivo."],
    [/^Date set outside allowed range\. (.+)$/, "este dia fica fora do período do arquivo."],
    [/^File must be (.+) or smaller\.$/, (_, size) => `O arquivo passa de ${said(size) ?? size}.`],
    [/^Connection failed with status (.+)$/, "A conexão falhou ($1)."],
    [/^Shortcut (.+)$/, "Atalho $1"],
    [/^add icon$/, "acrescentar"],
    [/^(\d+) – ([A-Z][a-z]+)$/, (all, number, month) => MONTHS[month] ? `${number} – ${MONTHS[month]}` : all],
    [/^Selected Date: (.+)$/, (_, day) => `Dia escolhido: ${dated(day)}`],
    [/^Selected Range: (.+) to (.+)$/, (_, from, to) => `Período escolhido: ${dated(from)} a ${dated(to)}`],
  ];
  function said(text) {
    if (Object.hasOwn(WORDS, text)) return WORDS[text];
    if (text.length > 240 || !/[A-Za-z]/.test(text)) return undefined;
    for (const [pattern, spoken] of PATTERNS) if (pattern.test(text)) return text.replace(pattern, spoken);
    return undefined;
  }

  const OURS = '[data-testid="stHtml"], .stHtml, [data-testid="stMarkdownContainer"], [data-testid="stTable"], [data-testid="stIconMaterial"],'
    + ' [data-testid="stMetric"], [data-testid="stFileChipName"], .js-plotly-plot, canvas, script, style, textarea';
  const THEIRS = '[data-testid="stTooltipContent"], [data-testid="stFileUploader"], [data-testid="stNumberInput"], [data-testid="stDateInput"]';
  const CHOICES = '[role="option"], [role="listbox"], [data-testid="stSelectbox"], [data-testid="stMultiSelect"], [data-testid="stDataFrameColumnVisibilityMenu"]';
  const OFFERED = /^(No results|No options to select|Select all|Select \d+ matches|\(index\)|Press .*Enter .*|Choose (an option|options)|\d+ options? available\.)$/;
  const NAMES = ["aria-label", "title", "placeholder", "alt", "aria-valuetext"];
  const closed = (element) => element.closest(OURS) && !element.closest(THEIRS);

  function spell(node) {
    const text = node.nodeValue.trim(), element = node.parentElement;
    if (!text || !element) return;
    if (element.closest(CHOICES) && !OFFERED.test(text)) return;
    const spoken = said(text);
    if (spoken !== undefined && spoken !== text && !closed(element)) node.nodeValue = node.nodeValue.replace(text, () => spoken);
  }
  function label(element) {
    for (const name of NAMES) {
      const text = element.getAttribute(name);
      const spoken = text ? said(text.trim()) : undefined;
      if (spoken !== undefined && spoken !== text && !closed(element)) element.setAttribute(name, spoken);
    }
  }
  function walk(root) {
    if (root.nodeType === Node.TEXT_NODE) return spell(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    const inside = { acceptNode: (n) => n.nodeType === Node.ELEMENT_NODE && n.matches(".js-plotly-plot, canvas, script, style") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT };
    const nodes = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, inside);
    for (let node = nodes.currentNode; node; node = nodes.nextNode()) node.nodeType === Node.TEXT_NODE ? spell(node) : label(node);
  }
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(walk);
      else if (change.type === "characterData") spell(change.target);
      else label(change.target);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES });
  walk(document.body);
})();
