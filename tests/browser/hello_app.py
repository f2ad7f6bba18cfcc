"""A very small app, to prove that the walking and the watching see what they are there to see."""

import time

import streamlit as st

st.title("Prova")
if st.button("Contar"):
    time.sleep(0.8)
    st.write("contado até o fim")
file = st.file_uploader("Arquivo")
if file is not None:
    time.sleep(0.5)
    st.write(f"{len(file.getvalue())} bytes recebidos")
st.download_button("Baixar", data=b"a;b\n1;2\n", file_name="prova.csv")
if st.query_params.get("fault") == "exception":
    raise RuntimeError("quebrou")
